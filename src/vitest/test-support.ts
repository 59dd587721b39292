import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { InlineConfig, Vitest } from 'vitest/node';
import { parseCLI, startVitest } from 'vitest/node';
import type { ConstitutionReport } from '../core/eval-report.ts';
import { SERVICE_ROWS } from '../pytest/test-support.ts';
import { type CollectedTest, collectTests } from './collect.ts';
import type { ConstitutionOptions } from './options.ts';
import { constitutionWithHooks } from './plugin.ts';
import { pythonOfThisRun } from './python-of-this-run.ts';
import type { RunResult } from './reporter.ts';

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const SUITE_STATES = { well: 'passed', worse: 'failed', failing: 'skipped' } as const;

/** What the tests of the suite of others are to vitest, in their order: the id without the folder of all tests, and the state. */
export const SERVICE_STATES = SERVICE_ROWS.map(([id, , standing, outcome]) => [
  id,
  outcome === 'skipped' ? 'skipped' : SUITE_STATES[standing],
]);

/** What a real vitest run of a little project brought. */
export interface ProjectRun {
  readonly tests: readonly CollectedTest[];
  /** Messages of the errors of each test by full name. */
  readonly errors: Readonly<Record<string, string[]>>;
  /** Place that the first error of each test points at, by full name. */
  readonly places: Readonly<Record<string, { file: string; line: number } | undefined>>;
  readonly constitution: ConstitutionReport;
  /** What a process would have ended with. */
  readonly exitCode: number;
}

/**
 * Writes a little project, runs the real vitest over it with the plugin, and removes it again. The project lies
 * inside the repository, so that its imports of vitest find the one that is installed here.
 */
export async function runProject(
  files: Readonly<Record<string, string>>,
  options: {
    readonly test?: InlineConfig;
    /** Arguments as on the command line, after `vitest`. */
    readonly args?: readonly string[];
    /** What is done after the first run: the last run is then what is told of. */
    readonly rerun?: (vitest: Vitest) => Promise<unknown>;
    readonly constitution?: ConstitutionOptions;
    /** The project's own `vitest.config.ts` is used, and brings the plugin. */
    readonly ownConfig?: boolean;
    /** Environment variable that tells the tests the project's folder. */
    readonly rootVariable?: string;
    /** Files and folders of this repository that the project has as well. */
    readonly linked?: readonly string[];
  } = {},
): Promise<ProjectRun> {
  const parent = path.join(REPOSITORY, '.constitution', 'test-projects');
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(path.join(parent, 'p-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    for (const name of options.linked ?? []) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await symlink(path.join(REPOSITORY, name), path.join(root, name));
    }
    return await run(root, options);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function run(root: string, options: Parameters<typeof runProject>[1] = {}): Promise<ProjectRun> {
  const exitCode = process.exitCode;
  process.exitCode = 0;
  let constitution: ConstitutionReport = { articles: [], findings: [], waived: [] };
  const onEnd = (result: RunResult) => {
    constitution = result.constitution;
  };
  const cli = parseCLI(['vitest', ...(options.args ?? [])]);
  const vitest = await startVitest(
    'test',
    cli.filter,
    {
      root,
      ...(options.ownConfig ? {} : { config: false }),
      watch: false,
      reporters: [{}],
      coverage: { enabled: false },
      ...cli.options,
      ...options.test,
      ...(options.rootVariable ? { env: { [options.rootVariable]: root } } : {}),
    },
    {
      plugins: options.ownConfig
        ? []
        : [
            constitutionWithHooks(
              { reporter: { silent: true }, ...options.constitution },
              { onEnd, startPython: pythonOfThisRun },
            ),
          ],
      logLevel: 'silent',
    },
  );
  await options.rerun?.(vitest);
  const modules = vitest.state.getTestModules();
  const errors: Record<string, string[]> = {};
  const places: Record<string, { file: string; line: number } | undefined> = {};
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const found = test.result().errors ?? [];
      errors[test.fullName] = found.map((error) => error.message);
      const [frame] = found[0]?.stacks ?? [];
      if (frame) places[test.fullName] = { file: path.relative(root, frame.file), line: frame.line };
    }
  }
  const tests = collectTests(modules, root);
  await vitest.close();
  // vitest reports failing tests by the exit code of its process, which here is the outer run's.
  const ended = Number(process.exitCode);
  process.exitCode = exitCode;
  return { tests, errors, places, constitution, exitCode: ended };
}

/** Finds in a real run, by the name of the test, what an article with one check says. */
export async function valuesBy(check: string, suite: string) {
  const article = `id: I\ntitle: t\nwhy: w\nseverity: warn\nchecks:\n  - uses: ${check}\n`;
  const run = await runProject(
    { 'constitution/i.yaml': article, 'a.test.ts': suite },
    { rootVariable: 'PROJECT_ROOT' },
  );
  expect(run.tests.filter(({ state }) => state !== 'passed')).toEqual([]);
  const entries = run.tests.map(({ test, meta }) => [
    test.name,
    (meta?.findings ?? []).map((one) => one.values),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown[]>;
}
