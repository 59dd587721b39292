import type { Test } from '@vitest/runner';
import type { ExpectStatic } from 'vitest';
import { giveRepeatsBack, repeatsOf } from './once-more.ts';
import type { ConstitutionMeta } from './provided.ts';

/** Where one attempt of a test begins; vitest keeps errors and counts over retries and repeats. */
export interface Attempt {
  readonly errorsBefore: number;
  readonly assertionsBefore: number;
  /** What earlier repeats of the test were found to break. */
  readonly kept: ConstitutionMeta;
}

/** The repeat that a test was last seen in, and what those before it were found to break. */
const repeats = new WeakMap<Test, { readonly repeat: number; readonly kept: ConstitutionMeta }>();

/** To be called before the test; takes away the record of an earlier attempt, which a retry takes the place of. */
export function beginAttempt(task: Test, expect: ExpectStatic): Attempt {
  giveRepeatsBack(task);
  const kept = earlierRepeats(task);
  // Nothing is written before the end of the test: it may look at its meta data itself.
  if (task.meta.constitution !== undefined) delete task.meta.constitution;
  return { errorsBefore: errorsOf(task), assertionsBefore: assertionsOf(task, expect), kept };
}

/** Whether just this attempt has failed: before vitest 5, a failed repeat leaves its state to those that follow. */
export function hasFailed(task: Test, { errorsBefore }: Attempt): boolean {
  return task.result?.state === 'fail' && errorsOf(task) > errorsBefore;
}

/** Such a test has no result to judge; a hook that failed after it has changed the state, and does not count either. */
export function skippedItself({ result }: Test): boolean {
  return result?.state === 'skip' || (result as { pending?: boolean } | undefined)?.pending === true;
}

/**
 * Assertions of `expect`, and of the test's own `expect` where it has used that. Before vitest 5, the latter counts on
 * over retries.
 */
export function assertionsOf(task: Test, expect: ExpectStatic): number {
  const shared = expect.getState().assertionCalls ?? 0;
  // Asking for the own one makes it: only where vitest says that the test has.
  const { _local: hasOwn } = task.context as { _local?: boolean };
  return hasOwn ? shared + (task.context.expect.getState().assertionCalls ?? 0) : shared;
}

function errorsOf({ result }: Test): number {
  return result?.errors?.length ?? 0;
}

function earlierRepeats(task: Test): ConstitutionMeta {
  if (repeatsOf(task) === 0) return {};
  const repeat = task.result?.repeatCount ?? 0;
  const last = repeats.get(task);
  const { findings, waived } = task.meta.constitution ?? {};
  const kept =
    last?.repeat === repeat
      ? last.kept
      : { ...(findings ? { findings } : {}), ...(waived ? { waived } : {}) };
  repeats.set(task, { repeat, kept });
  return kept;
}
