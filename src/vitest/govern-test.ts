import type { Test } from '@vitest/runner';
import { chai, expect } from 'vitest';
import { countAssertionsOf } from '../checks/assertion-count.ts';
import type { RecordedValues, TestFacts, TestInput } from '../checks/check.ts';
import type { Observations, ProbeName } from '../checks/observations.ts';
import { PROBES } from '../checks/probe-registry.ts';
import { ArticleViolation } from './article-violation.ts';
import { readBaseline } from './baseline-file.ts';
import { judge } from './govern.ts';
import { metaOf } from './meta.ts';
import type { ConstitutionMeta, ProvidedConstitution } from './provided.ts';
import type { FileConstitution } from './resolve-file.ts';

// Bound at load: fake timers replace the global later.
const now = performance.now.bind(performance);

/** A test file whose tests are governed, and what is going on in it. */
export interface GovernedFile {
  /** Relative to the root, `/` as separator. */
  readonly file: string;
  readonly filepath: string;
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

/** What an attempt of a test finds where it begins; vitest keeps these over retries and repeats. */
interface AttemptStart {
  readonly errors: number;
  readonly assertions: number;
}

interface ActiveTest {
  /** Another test ran at the same time. */
  overlapped: boolean;
}

/** The repeat that a test was last seen in, and what those before it were found to break. */
const repeats = new WeakMap<Test, { readonly repeat: number; readonly kept: ConstitutionMeta }>();

type Watch = readonly [ProbeName, () => unknown];

/** Begins to govern one attempt of a test; the rest happens when it has finished. To be called in `beforeEach`. */
export function governTest(
  file: GovernedFile,
  task: Test,
  onTestFinished: (fn: () => void | Promise<void>) => void,
): void {
  const entered = now();
  // An earlier attempt left its own. A retry takes its place; the findings of an earlier repeat stay.
  task.meta.constitution = earlierRepeats(task);
  const start: AttemptStart = { errors: errorsOf(task), assertions: assertionsOf(task) };
  const active: ActiveTest = { overlapped: file.active.size > 0 };
  for (const other of file.active) other.overlapped = true;
  file.active.add(active);
  const firstOfFile = file.begun++ === 0;
  // vitest passes on chai's `assert`, whose calls `expect` does not count.
  if (file.constitution.probes.includes('assertions')) countAssertionsOf(chai.assert);
  const watches = file.constitution.probes.map((name): Watch => [name, PROBES[name].watch()]);

  onTestFinished(() => {
    const left = now();
    file.active.delete(active);
    const meta = metaOf(task);
    const finish = (seen: Partial<Observations>) => {
      if (skippedItself(task)) {
        delete task.meta.constitution;
        return;
      }
      const facts = factsOf(file, task, start, { durationMs: left - started, firstOfFile, ...active });
      const violation = judgeTest(file, task, meta, facts, seen);
      meta.self = [started - entered, now() - left];
      if (violation !== null) throw violation;
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
  { file, project }: GovernedFile,
  task: Test,
  start: AttemptStart,
  measured: Pick<TestFacts, 'durationMs' | 'firstOfFile' | 'overlapped'>,
): TestFacts {
  return {
    name: fullName(task),
    file,
    project,
    // Before vitest 5, a repeat that failed leaves the state at `fail` for those that follow.
    state: task.result?.state === 'fail' && errorsOf(task) > start.errors ? 'failed' : 'passed',
    retries: task.result?.retryCount ?? 0,
    // Before vitest 5, the own `expect` counts on over retries.
    assertions: assertionsOf(task) - start.assertions,
    expectsFailure: task.fails === true,
    tags: (task as { tags?: readonly string[] }).tags ?? [],
    ...measured,
  };
}

/** Such a test has no result to judge; a hook that failed after it has changed the state, and does not count either. */
function skippedItself({ result }: Test): boolean {
  return result?.state === 'skip' || (result as { pending?: boolean } | undefined)?.pending === true;
}

function errorsOf(task: Test): number {
  return task.result?.errors?.length ?? 0;
}

/** The record that an attempt begins with: what earlier repeats of the test were found to break. */
function earlierRepeats(task: Test): ConstitutionMeta {
  if (!task.repeats) return {};
  const repeat = task.result?.repeatCount ?? 0;
  const last = repeats.get(task);
  const { findings, waived } = task.meta.constitution ?? {};
  const kept =
    last?.repeat === repeat
      ? last.kept
      : { ...(findings ? { findings } : {}), ...(waived ? { waived } : {}) };
  repeats.set(task, { repeat, kept });
  return { ...kept };
}

/** Assertions of `expect`, and of the test's own `expect` where it has used that. */
function assertionsOf(task: Test): number {
  const shared = expect.getState().assertionCalls ?? 0;
  // Asking for the own one makes it: only where vitest says that the test has.
  const { _local: hasOwn } = task.context as { _local?: boolean };
  return hasOwn ? shared + (task.context.expect.getState().assertionCalls ?? 0) : shared;
}

/** Judges the test and writes what came of it into its meta data. Returns what it must fail with, or null. */
function judgeTest(
  file: GovernedFile,
  task: Test,
  meta: ConstitutionMeta,
  test: TestFacts,
  seen: Partial<Observations>,
): ArticleViolation | null {
  const values = valuesOf(meta);
  const { runs = [], schemas = [] } = meta;
  const earlierValues = file.earlier.get(task.id) ?? [];
  const baseline = runs.length > 0 || schemas.length > 0 ? readBaseline(file.provided.baselineFile) : null;
  const { root } = file.provided;
  const input: TestInput = { root, test, runs, schemas, baseline, values, earlierValues, seen };
  const { articles, findings, waived, unattributed } = judge(file.constitution.articles, input);
  if (Object.keys(values).length > 0) file.earlier.set(task.id, [...earlierValues, values]);
  // Nearly always every article of the file: its text is then shared by the tests.
  const { constitution } = file;
  if (articles.length > 0)
    meta.articles = articles.length === constitution.articles.length ? constitution.ids : articles.join(',');
  if (findings.length > 0) meta.findings = [...(meta.findings ?? []), ...findings];
  if (waived.length > 0) meta.waived = [...(meta.waived ?? []), ...waived];
  if (unattributed.length > 0) meta.unattributed = unattributed;
  const blocking = findings.filter((finding) => finding.severity === 'block');
  // `test.fails` would take the violation for the failure it hopes for; the reporter counts it all the same.
  if (blocking.length === 0 || test.expectsFailure) return null;
  return new ArticleViolation(blocking, file.provided, { filepath: file.filepath, name: task.name });
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

function fullName(task: Test): string {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite)
    if (suite.name) names.unshift(suite.name);
  return names.join(' > ');
}
