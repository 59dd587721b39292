import { normalCdf, studentTQuantile } from './distributions.ts';
import type { Random } from './random.ts';
import { requireCount, requirePaired, requireProbability, requireValues } from './require.ts';
import { type Interval, quantile } from './summary.ts';

export interface BootstrapOptions {
  readonly random: Random;
  /** Number of resamples; 2,000 hold the tail of a 95% bound to 0.025 +- 0.0035. */
  readonly resamples?: number;
  /** Two-sided confidence. */
  readonly level?: number;
}

export const DEFAULT_RESAMPLES = 2_000;

/** Sums of both columns over each resample of the clusters. */
interface ResampledSums {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
}

/**
 * Draws clusters with replacement (Efron, "Bootstrap methods: another look at the jackknife", 1979; clusters:
 * Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8). A cluster is one bug
 * with its mean over repeats, so that repeats of a bug are never taken for independent evidence. Memory is two
 * numbers a resample and one a cluster.
 */
function resampleSums(
  baseline: Float64Array,
  candidate: Float64Array,
  resamples: number,
  random: Random,
): ResampledSums {
  const size = baseline.length;
  const sums = { baseline: new Float64Array(resamples), candidate: new Float64Array(resamples) };
  const drawn = new Uint32Array(size);
  for (let resample = 0; resample < resamples; resample++) {
    random.fillBelow(drawn, size);
    let baselineSum = 0;
    let candidateSum = 0;
    for (let at = 0; at < size; at++) {
      const cluster = drawn[at] as number;
      baselineSum += baseline[cluster] as number;
      candidateSum += candidate[cluster] as number;
    }
    sums.baseline[resample] = baselineSum;
    sums.candidate[resample] = candidateSum;
  }
  return sums;
}

/**
 * The tail probability to read off a bootstrap distribution so that a percentile interval of few clusters is
 * as wide as it should be: Phi(-sqrt(n / (n - 1)) t), t the Student quantile with n - 1 degrees of freedom
 * (Hesterberg, "What teachers should know about the bootstrap", 2015, section 5.3).
 */
export function expandedTail(level: number, clusters: number): number {
  requireCount('clusters', clusters, 2);
  requireProbability('level', level);
  const t = studentTQuantile((1 + level) / 2, clusters - 1);
  return normalCdf(-Math.sqrt(clusters / (clusters - 1)) * t);
}

/** Percentile interval between two ascending columns of resampled statistics (equal where all are defined). */
export function percentileInterval(
  lows: Float64Array,
  highs: Float64Array,
  level: number,
  clusters: number,
): Interval {
  const tail = expandedTail(level, clusters);
  const upper = quantile(highs, 1 - tail);
  return { lower: quantile(lows, tail), upper: Number.isFinite(upper) ? upper : null, level };
}

/** Intervals of how the means of two paired columns differ. */
export interface PairedIntervals {
  /** Of mean(candidate) - mean(baseline). */
  readonly absolute: Interval;
  /** Of mean(candidate) / mean(baseline) - 1; the upper bound is null where resamples without baseline reach it. */
  readonly relative: Interval;
}

/**
 * Expanded percentile intervals by bootstrap over clusters. Values are non-negative, one a cluster; null for
 * fewer than two clusters, where nothing is known about their spread. A resample with a baseline of 0 counts
 * as +infinity for the upper bound and, where its candidate is 0 too, as -1 (the least there is) for the lower.
 */
export function bootstrapPaired(
  baseline: Float64Array,
  candidate: Float64Array,
  { random, resamples = DEFAULT_RESAMPLES, level = 0.95 }: BootstrapOptions,
): PairedIntervals | null {
  requirePaired(baseline, candidate);
  requireValues('baseline', baseline, 0, Number.MAX_VALUE);
  requireValues('candidate', candidate, 0, Number.MAX_VALUE);
  requireCount('resamples', resamples, 100);
  const clusters = baseline.length;
  if (clusters < 2) return null;
  const sums = resampleSums(baseline, candidate, resamples, random);
  const absolute = sums.candidate.map((c, at) => (c - (sums.baseline[at] as number)) / clusters).sort();
  const ratios = new Float64Array(resamples);
  let undefinedRatios = 0;
  for (let at = 0; at < resamples; at++) {
    const b = sums.baseline[at] as number;
    const c = sums.candidate[at] as number;
    ratios[at] = b > 0 ? c / b - 1 : Number.POSITIVE_INFINITY;
    if (b === 0 && c === 0) undefinedRatios++;
  }
  ratios.sort();
  // The undefined ones stand last, among the infinite; for the lower bound they are moved to the front.
  const lows = ratios.slice();
  lows.copyWithin(undefinedRatios, 0, resamples - undefinedRatios).fill(-1, 0, undefinedRatios);
  return {
    absolute: percentileInterval(absolute, absolute, level, clusters),
    relative: percentileInterval(finite(lows), ratios, level, clusters),
  };
}

/** A lower bound must stay a number: infinite ratios stand as the largest one that JSON can carry. */
function finite(values: Float64Array): Float64Array {
  return values.map((value) => Math.min(value, Number.MAX_VALUE));
}
