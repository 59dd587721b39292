import {
  distance,
  leastFulfilling,
  pseudoBugDistance,
  requiredDistance,
  varianceParts,
} from '../statistics/power.ts';
import { mean, variance } from '../statistics/summary.ts';
import { type OutcomeRow, repeatRange } from './paired-row.ts';
import type { Policy } from './policy.ts';

/**
 * What would probably decide an inconclusive comparison if the effect seen is the true one: so many more bugs, or
 * so many more repeats of each bug. null: `beyond` says what is known then.
 */
export interface Need {
  readonly bugs: number | null;
  readonly repeats: number | null;
  /**
   * How many more were tried in vain, so that it takes more than these. null: so many are not needed, or no number would
   * do (or, for repeats, it cannot be told from single runs).
   */
  readonly beyond: { readonly bugs: number | null; readonly repeats: number | null };
  /** Chance of a decision with that many. */
  readonly power: number;
}

/** No more than these are tried. */
const MORE_BUGS = 1_000;
const MORE_REPEATS = 50;
/** Stands for any number there could be. */
const ENDLESS = 1e12;
const POWER = 0.8;

/** Where nothing can be told: fewer than two bugs. */
export const NO_NEED: Need = {
  bugs: null,
  repeats: null,
  beyond: { bugs: null, repeats: null },
  power: POWER,
};

/** The two means that an improvement is decided on, or the one of non-inferiority. */
interface Spread {
  readonly difference: number;
  readonly excess: number;
}

interface Plan {
  readonly means: Spread;
  /** Share of bugs whose outcome differs between the arms. */
  readonly changed: number;
  readonly policy: Policy;
  /** Standard errors from 0 that a test at alpha takes, and that a point estimate takes to keep its sign. */
  readonly required: number;
  readonly kept: number;
}

/**
 * Sample-size planning for the rules of `judgeImprovement` by the normal approximation: the observed mean and
 * variance are taken as the truth, and the least number is sought at which the rule's statistic lies
 * z(1 - alpha) + z(power) standard errors from 0 (Chow, Shao and Wang, "Sample Size Calculations in Clinical
 * Research", 2008, section 3.1). Needs two rows; the numbers come on top of those there are.
 */
export function neededSample(rows: readonly OutcomeRow[], policy: Policy): Need {
  if (rows.length < 2) return NO_NEED;
  const weight = policy.kind === 'improvement' ? 1 + policy.threshold : 1;
  const shift = policy.kind === 'improvement' ? 0 : policy.margin;
  const valuesFor = (factor: number) => rows.map((row) => mean(row.candidate) - factor * mean(row.baseline));
  const differences = valuesFor(1);
  const excesses = valuesFor(weight);
  const means: Spread = { difference: mean(differences), excess: mean(excesses) + shift };
  const spread: Spread = { difference: variance(differences), excess: variance(excesses) };
  const changed = differences.filter((difference) => difference !== 0).length / rows.length;
  const plan: Plan = {
    means,
    changed,
    policy,
    required: requiredDistance(policy.alpha, POWER),
    kept: requiredDistance(0.5, POWER),
  };
  const decides = (bugs: number, at: Spread) => decided(plan, at, bugs);

  const bugs = leastMore(MORE_BUGS, (more) => decides(rows.length + more, spread));
  const repeats = moreRepeats(rows, weight, (at) => decides(rows.length, at));
  return {
    bugs: bugs.least,
    repeats: repeats.least,
    beyond: { bugs: bugs.beyond, repeats: repeats.beyond },
    power: POWER,
  };
}

function decided({ means, changed, policy, required, kept }: Plan, spread: Spread, bugs: number): boolean {
  const excess = { mean: means.excess, variance: spread.excess };
  if (policy.kind === 'non-inferiority' || means.excess < 0)
    return pseudoBugDistance(excess, bugs) >= required;
  // A pass: the sign-flip test must find the difference (which takes log2(1 / alpha) changed bugs at the very
  // least), and the point estimate must stay at or above the threshold.
  const difference = { mean: means.difference, variance: spread.difference };
  return (
    means.difference > 0 &&
    changed * bugs >= Math.ceil(-Math.log2(policy.alpha)) &&
    distance(difference, bugs) >= required &&
    (spread.excess === 0 || distance(excess, bugs) >= kept)
  );
}

function moreRepeats(
  rows: readonly OutcomeRow[],
  weight: number,
  decides: (spread: Spread) => boolean,
): Sought {
  const difference = varianceParts(rows, 1);
  const excess = varianceParts(rows, weight);
  if (difference === null || excess === null) return { least: null, beyond: null };
  const repeats = repeatRange(rows)?.least ?? 1;
  const spreadWith = (k: number): Spread => ({
    difference: difference.between + (difference.within * repeats) / k,
    excess: excess.between + (excess.within * repeats) / k,
  });
  return leastMore(MORE_REPEATS, (more) => decides(spreadWith(repeats + more)));
}

interface Sought {
  readonly least: number | null;
  readonly beyond: number | null;
}

/** The least number from 1 to `most` that decides; where none does, whether a larger one could. */
function leastMore(most: number, decides: (more: number) => boolean): Sought {
  const least = leastFulfilling(1, most, decides);
  return { least, beyond: least === null && decides(ENDLESS) ? most : null };
}
