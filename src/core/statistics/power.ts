import { normalQuantile } from './distributions.ts';
import { requireProbability } from './require.ts';
import { mean, variance } from './summary.ts';

/** Where the variance of a bug's value comes from. */
export interface VarianceParts {
  /** Between bugs: more repeats do not lessen it. */
  readonly between: number;
  /** Within bugs, of a mean over the repeats there are now: it falls as 1 / repeats. */
  readonly within: number;
}

/** One bug's repeats, and how its value weighs the two means: value = candidate - weight * baseline. */
export interface RepeatedPair {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

/**
 * Splits the variance of candidate - weight * baseline over bugs into its parts (one-way random effects by
 * moments; Searle, Casella and McCulloch, "Variance Components", 1992, section 3.5). Needs two bugs. Without
 * a second repeat everywhere `within` cannot be known and null is returned.
 */
export function varianceParts(pairs: readonly RepeatedPair[], weight: number): VarianceParts | null {
  let within = 0;
  for (const { baseline, candidate } of pairs) {
    if (baseline.length < 2 || candidate.length < 2) return null;
    within += variance(candidate) / candidate.length + (weight ** 2 * variance(baseline)) / baseline.length;
  }
  const total = variance(pairs.map((pair) => mean(pair.candidate) - weight * mean(pair.baseline)));
  within = Math.min(total, within / pairs.length);
  return { between: total - within, within };
}

/** A mean over bugs that is to be told from 0. */
export interface Effect {
  readonly mean: number;
  readonly variance: number;
}

/** How many standard errors a mean must lie from 0 so that a one-sided test at alpha finds it with `power`. */
export function requiredDistance(alpha: number, power: number): number {
  requireProbability('alpha', alpha);
  requireProbability('power', power);
  return normalQuantile(1 - alpha) + normalQuantile(power);
}

/** Distance of a mean over n bugs from 0 in standard errors. */
export function distance({ mean: effect, variance: spread }: Effect, n: number): number {
  if (effect === 0) return 0;
  return spread === 0 ? Number.POSITIVE_INFINITY : Math.abs(effect) / Math.sqrt(spread / n);
}

/** The same after the two pseudo-bugs of `pseudoBugBounds`. */
export function pseudoBugDistance({ mean: effect, variance: spread }: Effect, n: number): number {
  const size = n + 2;
  const centre = (n * effect) / size;
  const widened = (n * (spread + effect * effect) + 2) / size - centre * centre;
  return Math.abs(centre) / Math.sqrt(widened / (size - 1));
}

/**
 * The least whole number in `from`..`to` that fulfils a condition which, once true, stays true; null where none
 * does. Takes O(log(to - from)) steps.
 */
export function leastFulfilling(from: number, to: number, condition: (n: number) => boolean): number | null {
  if (from > to || !condition(to)) return null;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (condition(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
