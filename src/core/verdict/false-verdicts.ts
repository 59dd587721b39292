import { type PairedRow, repeatRange } from './paired-row.ts';
import type { Policy } from './policy.ts';
import { nullWorldOf, simulateMigrations } from './simulate.ts';

/** How often the policy is wrong where nothing has changed, by simulation: shares of the migrations. */
export interface FalseVerdictRates {
  /** Simulated migrations; the standard error of a share s is sqrt(s (1 - s) / migrations). */
  readonly migrations: number;
  /** Bugs of each: as many as were seen, or as many of them as can be simulated in time. */
  readonly bugs: number;
  /** What the policy allows for each of both errors. */
  readonly alpha: number;
  readonly pass: number;
  readonly fail: number;
  /** Some role was called regressed. */
  readonly regressed: number;
  /** What is false where both arms are the same: see {@link isWrongOnEqualArms}. */
  readonly wrong: number;
}

const MOST_MIGRATIONS = 2_000;
/** Fewer say too little: the standard error of 5% would be above 1.5 points. Before that, migrations are made smaller. */
const FEWEST_MIGRATIONS = 200;
/** Additions of the exact tests that a simulation may cost: about a second. */
const WORK = 4e8;

/**
 * Simulates migrations that change nothing, with the success rates that the baseline has on the bugs that were seen. Each
 * draws as many bugs, up to what takes about a second; the rates hardly depend on the number of so many. null without bugs.
 */
export function falseVerdictRates(
  rows: readonly PairedRow[],
  policy: Policy,
  seed: string,
): FalseVerdictRates | null {
  const repeats = repeatRange(rows)?.least;
  if (repeats === undefined) return null;
  // Each bug is added to a sum that takes up to bugs * repeats values, pooled and by role.
  const most = Math.floor(Math.sqrt(WORK / (2 * repeats * FEWEST_MIGRATIONS)));
  const world = nullWorldOf(rows);
  const share = Math.min(1, most / rows.length);
  const ofRoles = Object.entries(world.bugs).map(
    ([role, count]) => [role, Math.ceil(count * share)] as const,
  );
  const bugs = ofRoles.reduce((sum, [, count]) => sum + count, 0);
  const migrations = Math.min(MOST_MIGRATIONS, Math.floor(WORK / (2 * repeats * bugs ** 2)));
  const rates = simulateMigrations({
    ...world,
    bugs: Object.fromEntries(ofRoles),
    repeats,
    migrations,
    policy,
    seed: `${seed}/false-verdicts`,
    resamples: 0,
  });
  const { pass, fail, regressed, passOrRegressed, failOrRegressed } = rates;
  const wrong = policy.kind === 'improvement' ? passOrRegressed : failOrRegressed;
  return { migrations, bugs, alpha: policy.alpha, pass, fail, regressed, wrong };
}

/**
 * Whether a verdict on two arms that are the same is false. An improvement must not pass; that it is refuted is right. A
 * non-inferiority must not fail. No role may be called regressed.
 */
export function isWrongOnEqualArms(
  { kind }: Policy,
  status: 'pass' | 'fail' | 'inconclusive',
  regressed: boolean,
): boolean {
  return regressed || status === (kind === 'improvement' ? 'pass' : 'fail');
}
