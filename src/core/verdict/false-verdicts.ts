import { type PairedRow, repeatRange } from './paired-row.ts';
import type { Policy } from './policy.ts';
import { nullWorldOf, simulateMigrations } from './simulate.ts';

/** How often the policy is wrong where nothing has changed, by simulation: shares of the migrations. */
export interface FalseVerdictRates {
  /** Simulated migrations; the standard error of a share s is sqrt(s (1 - s) / migrations). */
  readonly migrations: number;
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
/** Fewer say too little: the standard error of 5% would be above 1.5 points. */
const FEWEST_MIGRATIONS = 200;
/** Additions of the exact tests that a simulation may cost: about a second. */
const WORK = 4e8;

/**
 * Simulates migrations that change nothing, over as many bugs as were seen, with the success rates that the baseline has
 * on them. null without bugs, and for so many bugs that it would take long.
 */
export function falseVerdictRates(
  rows: readonly PairedRow[],
  policy: Policy,
  seed: string,
): FalseVerdictRates | null {
  const repeats = repeatRange(rows)?.least;
  if (repeats === undefined) return null;
  // Each bug is added to a sum that takes up to bugs * repeats values, pooled and by role.
  const migrations = Math.min(MOST_MIGRATIONS, Math.floor(WORK / (2 * repeats * rows.length ** 2)));
  if (migrations < FEWEST_MIGRATIONS) return null;
  const rates = simulateMigrations({
    ...nullWorldOf(rows),
    repeats,
    migrations,
    policy,
    seed: `${seed}/false-verdicts`,
    resamples: 0,
  });
  const { pass, fail, regressed, passOrRegressed, failOrRegressed } = rates;
  const wrong = policy.kind === 'improvement' ? passOrRegressed : failOrRegressed;
  return { migrations, alpha: policy.alpha, pass, fail, regressed, wrong };
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
