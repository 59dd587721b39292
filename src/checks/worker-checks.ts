import type { TestCheck } from './check.ts';
import type { Probe, ProbeName } from './observations.ts';
import { probe as assertions } from './probes/assertions.ts';
import { probe as globals } from './probes/globals.ts';
import { check as maxDuration } from './test/max-duration.ts';
import { check as mustAssert } from './test/must-assert.ts';
import { check as noGlobalLeak } from './test/no-global-leak.ts';

/**
 * What every starter has. A worker reads all that it loads anew for each test file, which takes longer than the checks of its
 * tests: so it loads the others where an article asks for one of them.
 */
const COMMON: Readonly<Record<string, TestCheck>> = {
  'max-duration': maxDuration,
  'must-assert': mustAssert,
  'no-global-leak': noGlobalLeak,
};
const COMMON_PROBES: Partial<{ readonly [Name in ProbeName]: Probe<Name> }> = { assertions, globals };

/** A built-in check of single tests by its name, loaded where need be. */
export async function loadTestCheck(name: string): Promise<TestCheck | undefined> {
  return COMMON[name] ?? (await import('./all-worker-checks.ts')).TEST_CHECKS[name];
}

/** A probe by its name, loaded where need be. */
export async function loadProbe(name: ProbeName): Promise<Probe<ProbeName>> {
  return COMMON_PROBES[name] ?? (await import('./all-worker-checks.ts')).PROBES[name];
}
