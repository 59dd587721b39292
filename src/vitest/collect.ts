import path from 'node:path';
import type { TestModule } from 'vitest/node';
import type { TestIdentity } from '../core/finding.ts';
import type { ConstitutionMeta } from './provided.ts';

/** One test as it ended, reduced to what the report needs. */
export interface CollectedTest {
  readonly test: TestIdentity;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  readonly durationMs: number;
  /** Absent for a test that never started, and for one that the plugin does not govern. */
  readonly meta: ConstitutionMeta | undefined;
  /** Codes of our own errors among the test's errors, e.g. `CX-GATEWAY-MISS`. */
  readonly errorCodes: readonly string[];
}

/** Every test of the run, in the order of files and tests. */
export function collectTests(modules: readonly TestModule[], root: string): CollectedTest[] {
  return modules.flatMap((module) => {
    const file = path.relative(root, module.moduleId).split(path.sep).join('/');
    return [...module.children.allTests()].map((test): CollectedTest => {
      const { state, errors } = test.result();
      return {
        test: { name: test.fullName, file, project: module.project.name },
        state,
        durationMs: test.diagnostic()?.duration ?? 0,
        meta: test.meta().constitution,
        errorCodes: (errors ?? []).flatMap((error) => codeOf(error)),
      };
    });
  });
}

/** Codes of errors outside of tests: a file that cannot be imported, a failing hook of a suite. */
export function collectFileErrors(
  modules: readonly TestModule[],
): { file: string; message: string; codes: string[] }[] {
  return modules.flatMap((module) =>
    module
      .errors()
      .map((error) => ({ file: module.relativeModuleId, message: error.message, codes: codeOf(error) })),
  );
}

function codeOf(error: { code?: unknown }): string[] {
  return typeof error.code === 'string' && error.code.startsWith('CX-') ? [error.code] : [];
}
