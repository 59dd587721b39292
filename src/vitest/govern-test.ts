import type { Test } from '@vitest/runner';
import type { RecordedValues, TestFacts, TestInput } from '../checks/check.ts';
import type { Observations, ProbeName } from '../checks/observations.ts';
import type { Finding } from '../core/finding.ts';
import { type Attempt, assertionsOf, beginAttempt, hasFailed, skippedItself } from './attempt.ts';
import { readBaseline } from './baseline-file.ts';
import { judge } from './govern.ts';
import { metaOf } from './meta.ts';
import { repeatsOf } from './once-more.ts';
import type { ConstitutionMeta, ProvidedConstitution } from './provided.ts';
import { type BeginningTest, whenTestFinished } from './raw-hook.ts';
import type { FileConstitution } from './resolve-file.ts';
import { noteStubs, withoutStubs } from './stubs.ts';

// Bound at load: fake timers replace the global later.
const now = performance.now.bind(performance);

/** A test file whose tests are governed, and what is going on in it. */
export interface GovernedFile {
  /** The copy that runs the tests. */
  readonly vitest: Pick<typeof import('vitest'), 'expect' | 'vi'>;
  /** Relative to the root, `/` as separator. */
  readonly file: string;
  readonly filepath: string;
  /** Its text; null where it cannot be read. */
  readonly source: () => string | null;
  readonly project: string;
  readonly provided: ProvidedConstitution;
  readonly constitution: FileConstitution;
  /** Tests begun so far, each attempt counted. */
  begun: number;
  /** Tests that run just now. */
  readonly active: Set<ActiveTest>;
  /** What earlier repeats and attempts of a test recorded, by the id of its task. */
  readonly earlier: Map<string, RecordedValues[]>;
}

interface ActiveTest {
  /** Another test ran at the same time. */
  overlapped: boolean;
}

type Watch = readonly [ProbeName, () => unknown];

/** Begins to govern one attempt of a test; the rest happens when it has finished. To be called in `beforeEach`. */
export function governTest(file: GovernedFile, test: BeginningTest): void {
  const { task } = test;
  const entered = now();
  const attempt = beginAttempt(task, file.vitest.expect);
  const active: ActiveTest = { overlapped: file.active.size > 0 };
  for (const other of file.active) other.overlapped = true;
  file.active.add(active);
  const firstOfFile = file.begun++ === 0;
  if (file.provided.unstubbed) noteStubs(file.vitest.vi);
  const watches = [...file.constitution.probes].map(([name, probe]): Watch => [name, probe.watch()]);

  whenTestFinished(test, () => {
    const left = now();
    file.active.delete(active);
    const finish = (seen: Partial<Observations>) => {
      if (skippedItself(task)) {
        delete task.meta.constitution;
        return;
      }
      const meta = metaOf(task);
      Object.assign(meta, attempt.kept);
      const facts = factsOf(file, task, attempt, { durationMs: left - started, firstOfFile, ...active });
      const { unstubbed } = file.provided;
      const traces = unstubbed ? withoutStubs(seen, file.vitest.vi, unstubbed) : seen;
      const broken = judgeTest(file, task, meta, facts, traces);
      meta.self = [started - entered, now() - left];
      return broken.length === 0 ? undefined : violate(broken, file, facts);
    };
    const seen = watches.length === 0 ? {} : endWatches(watches);
    return seen instanceof Promise ? seen.then(finish) : finish(seen);
  });

  const started = now();
}

/** Ends the probes in the opposite order of their start; a promise only where one of them needs time. */
function endWatches(watches: readonly Watch[]): Partial<Observations> | Promise<Partial<Observations>> {
  const entries = watches.map(([name, end]) => [name, end()] as const).reverse();
  if (!entries.some(([, seen]) => seen instanceof Promise)) return Object.fromEntries(entries);
  return Promise.all(entries.map(async ([name, seen]) => [name, await seen] as const)).then(
    Object.fromEntries,
  );
}

function factsOf(
  { file, project, vitest }: GovernedFile,
  task: Test,
  attempt: Attempt,
  measured: Pick<TestFacts, 'durationMs' | 'firstOfFile' | 'overlapped'>,
): TestFacts {
  return {
    name: fullName(task),
    file,
    project,
    state: hasFailed(task, attempt) ? 'failed' : 'passed',
    retries: task.result?.retryCount ?? 0,
    assertions: assertionsOf(task, vitest.expect) - attempt.assertionsBefore,
    concurrent: task.concurrent === true,
    expectsFailure: task.fails === true,
    repeatsLeft: repeatsOf(task) - (task.result?.repeatCount ?? 0),
    tags: tagsOf(task),
    ...measured,
  };
}

/** Fails the test. What words findings is loaded here: a worker whose tests break nothing does without. */
async function violate(broken: readonly Finding[], file: GovernedFile, { name }: TestFacts): Promise<never> {
  const { ArticleViolation } = await import('./article-violation.ts');
  throw new ArticleViolation(broken, file.provided, { filepath: file.filepath, name });
}

/** Judges the test and writes what came of it into its meta data. Returns what it must fail with. */
function judgeTest(
  file: GovernedFile,
  task: Test,
  meta: ConstitutionMeta,
  test: TestFacts,
  seen: Partial<Observations>,
): Finding[] {
  const values = valuesOf(meta);
  const { runs = [], schemas = [] } = meta;
  const earlierValues = file.earlier.get(task.id) ?? [];
  const baseline = runs.length > 0 || schemas.length > 0 ? readBaseline(file.provided.baselineFile) : null;
  const { root } = file.provided;
  const { source } = file;
  const input: TestInput = { root, test, runs, schemas, baseline, values, earlierValues, seen, source };
  const { articles, findings, waived, unattributed } = judge(file.constitution.articles, input);
  if (Object.keys(values).length > 0 || repeatsOf(task) > 0)
    file.earlier.set(task.id, [...earlierValues, values]);
  // Nearly always every article of the file: its text is then shared by the tests.
  const { constitution } = file;
  if (articles.length > 0)
    meta.articles = articles.length === constitution.articles.length ? constitution.ids : articles.join(',');
  if (findings.length > 0) meta.findings = [...(meta.findings ?? []), ...findings];
  if (waived.length > 0) meta.waived = [...(meta.waived ?? []), ...waived];
  if (unattributed.length > 0) meta.unattributed = unattributed;
  // `test.fails` would take the violation for the failure it hopes for; the reporter counts it all the same.
  return test.expectsFailure ? [] : findings.filter(({ severity }) => severity === 'block');
}

/** What a test recorded: its own values, and for each run of a pipeline what came out and what it cost. */
function valuesOf({ values = {}, runs = [] }: ConstitutionMeta): RecordedValues {
  if (runs.length === 0) return values;
  const ofRuns = runs.map((run, index): [string, string] => {
    const { calls, inputTokens, outputTokens } = run.usage;
    return [`run ${index} ${run.id}`, `${run.outputHash} ${calls} ${inputTokens} ${outputTokens}`];
  });
  return { ...values, ...Object.fromEntries(ofRuns) };
}

/** Before vitest 4.1 a test has none. */
export function tagsOf(task: Test): readonly string[] {
  return (task as { tags?: readonly string[] }).tags ?? [];
}

/** The names of its suites and its own, joined by ` > `. */
export function fullName(task: Test): string {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite)
    if (suite.name) names.unshift(suite.name);
  return names.join(' > ');
}
