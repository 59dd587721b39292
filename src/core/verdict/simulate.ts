import { createRandom, type Random } from '../statistics/random.ts';
import { requireCount } from '../statistics/require.ts';
import type { Interval } from '../statistics/summary.ts';
import { judgeImprovement } from './improvement.ts';
import { judgeRegressions } from './migration.ts';
import type { PairedRow } from './paired-row.ts';
import type { Policy } from './policy.ts';

/** The chances with which a bug's run succeeds, each in 0..1. */
export interface BugRates {
  readonly baseline: number;
  readonly candidate: number;
}

/** A world in which migrations are judged over and over. */
export interface Scenario {
  /** Draws a bug from the world's bugs of a role: independent runs then succeed with its rates. */
  readonly drawBug: (random: Random, role: string) => BugRates;
  /** Means of the rates over all bugs of the world: what the intervals should cover. */
  readonly truth: BugRates;
  /** Bugs of a migration by role. */
  readonly bugs: Readonly<Record<string, number>>;
  readonly repeats: number;
  readonly migrations: number;
  readonly policy: Policy;
  readonly seed: string;
  /** Of the bootstrap; 0 leaves the intervals out, and coverage is then 0. */
  readonly resamples?: number;
}

/** How often each thing happened, as shares of the migrations. */
export interface OperatingCharacteristics {
  readonly migrations: number;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  /** Some role was called regressed. */
  readonly regressed: number;
  /** Passed, or some role was called regressed: wrong wherever the arms are equal. */
  readonly passOrRegressed: number;
  readonly failOrRegressed: number;
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
    failOrRegressed: 0,
    relativeCovered: 0,
    absoluteCovered: 0,
  };
  for (let migration = 0; migration < migrations; migration++) {
    const options = {
      policy,
      seed: `${seed}/${migration}`,
      ...(resamples === undefined ? {} : { resamples }),
    };
    const rows = drawRows(scenario, random);
    // What the verdict rests on; the roles' own intervals, which are only shown, are left out.
    const together = judgeImprovement(rows, options);
    const regressed = Object.values(judgeRegressions(rows, options)).some((role) => role.regressed);
    counts[together.status]++;
    counts.regressed += Number(regressed);
    counts.passOrRegressed += Number(regressed || together.status === 'pass');
    counts.failOrRegressed += Number(regressed || together.status === 'fail');
    counts.absoluteCovered += Number(covers(together.absoluteInterval, truth.candidate - truth.baseline));
    counts.relativeCovered += Number(covers(together.interval, truth.candidate / truth.baseline - 1));
  }
  return {
    migrations,
    pass: counts.pass / migrations,
    fail: counts.fail / migrations,
    inconclusive: counts.inconclusive / migrations,
    regressed: counts.regressed / migrations,
    passOrRegressed: counts.passOrRegressed / migrations,
    failOrRegressed: counts.failOrRegressed / migrations,
    relativeCovered: counts.relativeCovered / migrations,
    absoluteCovered: counts.absoluteCovered / migrations,
  };
}

function drawRows({ drawBug, bugs, repeats }: Scenario, random: Random): PairedRow[] {
  return Object.entries(bugs).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => {
      const rates = drawBug(random, role);
      return {
        role,
        bug: `bug-${index}`,
        baseline: drawOutcomes(rates.baseline, repeats, random),
        candidate: drawOutcomes(rates.candidate, repeats, random),
      };
    }),
  );
}

function drawOutcomes(rate: number, repeats: number, random: Random): number[] {
  return Array.from({ length: repeats }, () => Number(random.unit() < rate));
}

function covers(interval: Interval | null, truth: number): boolean {
  return interval !== null && interval.lower <= truth && (interval.upper === null || truth <= interval.upper);
}

/**
 * A world with the bugs that were seen, and as many of each role in a migration: each with the baseline's own rate of
 * success in both arms (shrunk towards 1/2 by Jeffreys' prior, so that three of three does not stand for certainty). Its
 * pass and regression rates are the false-verdict rates that an A/A run has to expect. Needs at least one row.
 */
export function nullWorldOf(rows: readonly PairedRow[]): Pick<Scenario, 'drawBug' | 'truth' | 'bugs'> {
  requireCount('rows', rows.length, 1);
  const byRole = new Map<string, number[]>();
  for (const { role, baseline } of rows) {
    const rate = baseline.reduce((total, outcome) => total + outcome, 0.5) / (baseline.length + 1);
    const rates = byRole.get(role);
    if (rates) rates.push(rate);
    else byRole.set(role, [rate]);
  }
  const all = [...byRole.values()].flat();
  const rate = all.reduce((total, value) => total + value, 0) / all.length;
  return {
    drawBug: (random, role) => {
      const rates = byRole.get(role) ?? all;
      const drawn = rates[random.below(rates.length)] as number;
      return { baseline: drawn, candidate: drawn };
    },
    truth: { baseline: rate, candidate: rate },
    bugs: Object.fromEntries([...byRole].map(([role, rates]) => [role, rates.length])),
  };
}
