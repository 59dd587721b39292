import { type BootstrapOptions, DEFAULT_RESAMPLES, percentileInterval } from './bootstrap.ts';
import { outOfRange, requireCount, requirePaired } from './require.ts';
import type { Interval } from './summary.ts';

/** Runs of both arms in clusters: `values[i]` are the runs of cluster i. */
export interface ClusteredRuns {
  readonly baseline: readonly (readonly number[])[];
  readonly candidate: readonly (readonly number[])[];
}

/** The same quantile of both arms, and the interval of candidate / baseline - 1. */
export interface QuantileRatio {
  readonly baseline: number;
  readonly candidate: number;
  /** null where the baseline's quantile is 0. */
  readonly relative: number | null;
  /** null for fewer than two clusters or a baseline quantile of 0. */
  readonly interval: Interval | null;
}

/** All runs in falling order, each with its cluster: a quantile near the top is then a short walk. */
interface Ranked {
  readonly values: Float64Array;
  readonly clusters: Uint32Array;
  /** Number of runs of each cluster. */
  readonly sizes: Uint32Array;
}

/**
 * Compares an upper quantile of two arms over all their runs (nearest rank: the least value that at least
 * `probability` of the runs do not exceed; Hyndman and Fan's definition 1), with an expanded percentile interval
 * by bootstrap over clusters. `probability` is in [0.5, 1). A distribution-free upper bound of the 95th percentile exists from 59
 * clusters on (1 - 0.95^59 > 0.95; Wilks, "Determination of sample sizes for setting tolerance limits", 1941).
 */
export function quantileRatio(
  runs: ClusteredRuns,
  probability: number,
  { random, resamples = DEFAULT_RESAMPLES, level = 0.95 }: BootstrapOptions,
): QuantileRatio {
  requirePaired(runs.baseline, runs.candidate);
  requireCount('clusters', runs.baseline.length, 1);
  if (!(probability >= 0.5 && probability < 1)) {
    throw outOfRange('probability', probability, 'a number in [0.5, 1)');
  }
  const clusters = runs.baseline.length;
  const arms = { baseline: rank(runs.baseline), candidate: rank(runs.candidate) };
  const times = new Uint32Array(clusters).fill(1);
  const baseline = weightedQuantile(arms.baseline, times, probability);
  const candidate = weightedQuantile(arms.candidate, times, probability);
  if (baseline === 0) return { baseline, candidate, relative: null, interval: null };
  const relative = candidate / baseline - 1;
  if (clusters < 2) return { baseline, candidate, relative, interval: null };
  const ratios = new Float64Array(resamples);
  const drawn = new Uint32Array(clusters);
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0);
    random.fillBelow(drawn, clusters);
    for (let at = 0; at < clusters; at++) {
      const cluster = drawn[at] as number;
      times[cluster] = (times[cluster] as number) + 1;
    }
    const b = weightedQuantile(arms.baseline, times, probability);
    const c = weightedQuantile(arms.candidate, times, probability);
    ratios[resample] = b > 0 ? c / b - 1 : Number.MAX_VALUE;
  }
  ratios.sort();
  return { baseline, candidate, relative, interval: percentileInterval(ratios, ratios, level, clusters) };
}

function rank(runs: readonly (readonly number[])[]): Ranked {
  const pairs = runs.flatMap((values, cluster) => values.map((value) => ({ value, cluster })));
  requireCount('runs', pairs.length, 1);
  pairs.sort((a, b) => b.value - a.value);
  return {
    values: Float64Array.from(pairs, (pair) => pair.value),
    clusters: Uint32Array.from(pairs, (pair) => pair.cluster),
    sizes: Uint32Array.from(runs, (values) => values.length),
  };
}

/** The quantile of the runs where cluster i is taken `times[i]` times. */
function weightedQuantile(
  { values, clusters, sizes }: Ranked,
  times: Uint32Array,
  probability: number,
): number {
  let total = 0;
  for (let cluster = 0; cluster < sizes.length; cluster++)
    total += (times[cluster] as number) * (sizes[cluster] as number);
  // As many runs may lie above the quantile; the nudge keeps 0.05 * 20 from falling below 1.
  const above = Math.floor((1 - probability) * total + 1e-9);
  let passed = 0;
  for (let at = 0; at < values.length; at++) {
    passed += times[clusters[at] as number] as number;
    if (passed > above) return values[at] as number;
  }
  return values[values.length - 1] as number;
}
