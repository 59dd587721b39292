import type { Test } from '@vitest/runner';

/** What the tests that we have repeated say themselves of their repeats. */
const own = new WeakMap<Test, Test['repeats']>();

/**
 * Has a test run a second time, unless it has failed by then: it would show its error twice, and one that may be tried again
 * could pass after all. To be called before the test begins.
 *
 * vitest takes the number of repeats once, when the test begins, and compares with it before each of them: so it is given one
 * that has to be asked. Nothing else sees it, for {@link giveRepeatsBack} takes it away.
 */
export function runOnceMore(task: Test): void {
  own.set(task, task.repeats);
  const limit = { valueOf: () => (task.result?.state === 'fail' && task.fails !== true ? 0 : 1) };
  task.repeats = limit as unknown as number;
}

/**
 * Gives a test its own option back. To be called when an attempt begins: after the attempt, vitest before 4.1 looks whether
 * a test has repeats, and tries one that has passed again where it may be retried as well.
 */
export function giveRepeatsBack(task: Test): void {
  // Nearly every test has none, and none was given to it.
  if (typeof task.repeats !== 'object') return;
  const repeats = own.get(task);
  if (repeats === undefined) delete task.repeats;
  else task.repeats = repeats;
}

/** How often a test is to run after the first time, if nothing fails. */
export function repeatsOf(task: Test): number {
  return own.has(task) ? 1 : (task.repeats ?? 0);
}
