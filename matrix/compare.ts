import { expect } from 'vitest';
import { type Ended, type RunOptions, runVitest, type TestResult, withProject } from './run-vitest.ts';
import type { Version } from './versions.ts';

/** A little project run without the plugin and with it. */
export interface Compared {
  readonly plain: Ended;
  readonly governed: Ended;
}

/** Runs a little project both ways, with the same options, and compares test by test. */
export async function runBothWays(
  version: Version,
  name: string,
  options: RunOptions = {},
): Promise<Compared> {
  const [plain, governed] = await Promise.all(
    [false, true].map((governed) =>
      withProject(version, { name, governed }, (project) => runVitest(project, options)),
    ),
  );
  if (plain === undefined || governed === undefined) throw new Error('unreachable');
  expectSameResults({ plain, governed });
  return { plain, governed };
}

/**
 * Nothing but what was planted may differ. A test whose name ends with `[breaks]` breaks a blocking article, one with
 * `[breaks unseen]` does so where vitest expects it to fail; every other test has the result that it has without us.
 */
export function expectSameResults({ plain, governed }: Compared): void {
  expect(governed.runs.map(withoutPlanted), governed.stderr).toEqual(plain.runs.map(withoutPlanted));
  const before = testsOf(plain);
  expect(before.length, plain.stderr).toBeGreaterThan(0);
  const found = testsOf(governed).map(whatArticlesSay);
  const expected = before.map(({ name, state }) => {
    const failed = state !== 'skipped' && name.endsWith('[breaks]');
    const unseen = state !== 'skipped' && name.endsWith('[breaks unseen]');
    return { name, codes: failed || unseen ? ['CX-NO-ASSERTION'] : [], failed };
  });
  expect(found).toEqual(expected);
  const planted = expected.some(({ codes }) => codes.length > 0);
  expect(governed.exitCode, governed.stderr).toBe(planted ? 1 : plain.exitCode);
}

/** What the blocking article found in a test, and whether the test failed by it. */
function whatArticlesSay({ name, state, errors, location, constitution }: TestResult) {
  const broken = (constitution?.findings ?? []).filter(({ article }) => article === 'I');
  const violations = errors.filter((error) => error.name === 'ArticleViolation');
  for (const { message, place } of violations) {
    expect(message).toContain('CX-NO-ASSERTION');
    if (location !== undefined) expect(place, name).toBe(location);
  }
  return { name, codes: broken.map(({ code }) => code), failed: state === 'failed' && violations.length > 0 };
}

/** In the order of projects and files: they end in another order from run to run. */
export function testsOf({ runs }: Ended): TestResult[] {
  return inOrder(runs.at(-1)?.files ?? []).flatMap(({ tests }) => tests);
}

/** Tests that ran to an end, which are those that are governed. */
export function ranOf(ended: Ended): TestResult[] {
  return testsOf(ended).filter(({ state }) => state === 'passed' || state === 'failed');
}

/** The line of the constitution on standard error, which is where it is printed. */
export function tableOf({ stderr }: Ended): string | undefined {
  return /^ Constitution .*$/m.exec(stderr)?.[0];
}

type Run = Ended['runs'][number];

/** A run without what a planted violation changes, and without what the plugin adds for itself. */
export function withoutPlanted({
  reason: _reason,
  setupFiles: _setup,
  reporters: _reporters,
  files,
  errors,
}: Run) {
  return {
    errors,
    files: inOrder(files).map(({ tests, suites, state, ...file }) => ({
      ...file,
      state: tests.some(isPlanted) ? 'planted' : state,
      suites: suites.map((suite) => ({ ...suite, state: tests.some(isPlanted) ? 'planted' : suite.state })),
      tests: tests.map(({ constitution: _constitution, ...test }) => (isPlanted(test) ? test.name : test)),
    })),
  };
}

function isPlanted({ name }: Pick<TestResult, 'name'>): boolean {
  return name.endsWith('[breaks]');
}

function inOrder(files: Run['files']): Run['files'][number][] {
  return [...files].sort((a, b) => (`${a.project} ${a.file}` < `${b.project} ${b.file}` ? -1 : 1));
}
