import { createRandom, type Random } from '../statistics/random.ts';
import { requireCount } from '../statistics/require.ts';
import type { Interval } from '../statistics/summary.ts';
import { judgeMigration } from './migration.ts';
import type { PairedRow } from './paired-row.ts';
import type { Policy } from './policy.ts';

/** The chances with which a bug's run succeeds, each in 0..1. */
export interface BugRates {
  readonly baseline: number;
  readonly candidate: number;
}

/** A world in which migrations are judged over and over. */
export interface Scenario {
  /** Draws a bug from the world's bugs: independent runs then succeed with its rates. */
  readonly drawBug: (random: Random) => BugRates;
  /** Means of the rates over all bugs of the world: what the intervals should cover. */
  readonly truth: BugRates;
  readonly bugs: number;
  readonly repeats: number;
  /** Bugs are dealt to so many roles in turn. */
  readonly roles?: number;
  readonly migrations: number;
  readonly policy: Policy;
  readonly seed: string;
  readonly resamples?: number;
}

/** How often each thing happened, as shares of the migrations. */
export interface OperatingCharacteristics {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  /** Some role was called regressed. */
  readonly regressed: number;
  /** Passed, or some role was called regressed: wrong wherever the arms are equal. */
  readonly passOrRegressed: number;
  /** The interval was there and held the truth. */
  readonly relativeCovered: number;
  readonly absoluteCovered: number;
}

/**
 * The verdict's own error rates by simulation (Morris, White and Crowther, "Using simulation studies to evaluate
 * statistical methods", 2019): migrations with known rates are judged by the very code that judges real ones. The
 * Monte Carlo standard error of a share s is sqrt(s (1 - s) / migrations).
 */
export function simulateMigrations(scenario: Scenario): OperatingCharacteristics {
  const { truth, migrations, policy, seed, resamples } = scenario;
  requireCount('migrations', migrations, 1);
  const random = createRandom(seed);
  const counts = {
    pass: 0,
    fail: 0,
    inconclusive: 0,
    regressed: 0,
    passOrRegressed: 0,
    relativeCovered: 0,
    absoluteCovered: 0,
  };
  for (let migration = 0; migration < migrations; migration++) {
    const options = {
      policy,
      seed: `${seed}/${migration}`,
      ...(resamples === undefined ? {} : { resamples }),
    };
    const { together, roles } = judgeMigration(drawRows(scenario, random), options);
    const regressed = Object.values(roles).some((role) => role.regression.regressed);
    counts[together.status]++;
    counts.regressed += Number(regressed);
    counts.passOrRegressed += Number(regressed || together.status === 'pass');
    counts.absoluteCovered += Number(covers(together.absoluteInterval, truth.candidate - truth.baseline));
    counts.relativeCovered += Number(covers(together.interval, truth.candidate / truth.baseline - 1));
  }
  return {
    pass: counts.pass / migrations,
    fail: counts.fail / migrations,
    inconclusive: counts.inconclusive / migrations,
    regressed: counts.regressed / migrations,
    passOrRegressed: counts.passOrRegressed / migrations,
    relativeCovered: counts.relativeCovered / migrations,
    absoluteCovered: counts.absoluteCovered / migrations,
  };
}

function drawRows({ drawBug, bugs, repeats, roles = 1 }: Scenario, random: Random): PairedRow[] {
  return Array.from({ length: bugs }, (_, index) => {
    const rates = drawBug(random);
    return {
      role: `role-${index % roles}`,
      bug: `bug-${index}`,
      baseline: drawOutcomes(rates.baseline, repeats, random),
      candidate: drawOutcomes(rates.candidate, repeats, random),
    };
  });
}

function drawOutcomes(rate: number, repeats: number, random: Random): number[] {
  return Array.from({ length: repeats }, () => Number(random.unit() < rate));
}

function covers(interval: Interval | null, truth: number): boolean {
  return interval !== null && interval.lower <= truth && (interval.upper === null || truth <= interval.upper);
}

/**
 * A world with the bugs that were seen: each with the baseline's own rate of success in both arms (shrunk towards 1/2 by
 * Jeffreys' prior, so that three of three does not stand for certainty). Its pass and regression rates are the
 * false-verdict rates that an A/A run has to expect. Needs at least one row.
 */
export function nullWorldOf(rows: readonly PairedRow[]): Pick<Scenario, 'drawBug' | 'truth'> {
  requireCount('rows', rows.length, 1);
  const rates = rows.map(
    ({ baseline }) => baseline.reduce((total, outcome) => total + outcome, 0.5) / (baseline.length + 1),
  );
  const rate = rates.reduce((total, value) => total + value, 0) / rates.length;
  return {
    drawBug: (random) => {
      const drawn = rates[random.below(rates.length)] as number;
      return { baseline: drawn, candidate: drawn };
    },
    truth: { baseline: rate, candidate: rate },
  };
}
