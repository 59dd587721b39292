import path from 'node:path';
import type { TestModule } from 'vitest/node';
import type { TestIdentity } from '../core/finding.ts';
import type { FileError, RecordedTest } from '../core/run-record.ts';
import type { ConstitutionMeta } from './provided.ts';

/** An error as it came from a worker. */
export interface CollectedError {
  /** Our own code, e.g. `CX-GATEWAY-MISS`; null for everybody else's errors. */
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
}

/** One test as it ended, reduced to what the report needs. */
export interface CollectedTest {
  readonly test: TestIdentity;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  readonly mode: 'run' | 'only' | 'skip' | 'todo';
  /** The reason given with a dynamic skip. */
  readonly note: string | null;
  /** Attempts that failed before the one that counts. */
  readonly retries: number;
  readonly tags: readonly string[];
  readonly durationMs: number;
  /** Absent for a test that never started, and for one that the plugin does not govern. */
  readonly meta: ConstitutionMeta | undefined;
  readonly errors: readonly CollectedError[];
}

/** Every test of the run, files by path and project: vitest's own order depends on how long they took before. */
export function collectTests(modules: readonly TestModule[], root: string): CollectedTest[] {
  return [...modules].sort(byPath).flatMap((module) => {
    const file = fileOf(module, root);
    return [...module.children.allTests()].map((test): CollectedTest => {
      const result = test.result();
      const { state, errors } = result;
      const diagnostic = test.diagnostic();
      return {
        test: { name: test.fullName, file, project: module.project.name },
        state,
        mode: test.options.mode,
        note: ('note' in result ? result.note : undefined) ?? null,
        retries: diagnostic?.retryCount ?? 0,
        tags: (test as { tags?: readonly string[] }).tags ?? [],
        durationMs: diagnostic?.duration ?? 0,
        meta: test.meta().constitution,
        errors: (errors ?? []).map(collectError),
      };
    });
  });
}

/** Tests as machine-readable reports list them. */
export function recordTests(tests: readonly CollectedTest[]): RecordedTest[] {
  // Nearly all tests of a run are governed by the same articles: they share one list.
  const lists = new Map<string | undefined, readonly string[]>([[undefined, []]]);
  return tests.map(({ test: { name, file, project }, state, durationMs, meta, errors }) => {
    let articles = lists.get(meta?.articles);
    if (articles === undefined) {
      articles = meta?.articles?.split(',') ?? [];
      lists.set(meta?.articles, articles);
    }
    const message = errors[0]?.message.split('\n')[0] ?? null;
    return { name, file, project, state, durationMs, articles, message };
  });
}

function byPath(a: TestModule, b: TestModule): number {
  if (a.moduleId !== b.moduleId) return a.moduleId < b.moduleId ? -1 : 1;
  return a.project.name < b.project.name ? -1 : 1;
}

/** Errors outside of tests: a file that cannot be imported, a failing hook of a suite. */
export function collectFileErrors(
  modules: readonly TestModule[],
  root: string,
): (CollectedError & FileError)[] {
  return modules.flatMap((module) =>
    module.errors().map((error) => ({
      file: fileOf(module, root),
      project: module.project.name,
      ...collectError(error),
    })),
  );
}

function fileOf({ moduleId }: TestModule, root: string): string {
  return path.relative(root, moduleId).split(path.sep).join('/');
}

/** Our errors keep their fields on the way from the worker. */
function collectError(error: { readonly message: string }): CollectedError {
  const { code, hint } = error as { code?: unknown; hint?: unknown };
  return {
    code: typeof code === 'string' && code.startsWith('CX-') ? code : null,
    message: error.message,
    hint: typeof hint === 'string' ? hint : null,
  };
}
