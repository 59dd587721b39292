import { describe, expect, test } from 'vitest';
import { bootstrapPaired } from '../bootstrap.ts';
import { fairCoinCdf, normalCdf, normalQuantile, studentTCdf, studentTQuantile } from '../distributions.ts';
import { holm } from '../holm.ts';
import { mcNemarExact, newcombePairedInterval, wilsonInterval } from '../proportions.ts';
import { pseudoBugBounds } from '../pseudo-bugs.ts';
import { createRandom } from '../random.ts';
import { signFlipTest } from '../sign-flip.ts';
import type { Interval } from '../summary.ts';
import vectors from './vectors.json' with { type: 'json' };

/** Largest relative error of `actual`, absolute below `floor`. */
function error(actual: number, expected: number, floor = 1): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
}

/** The cases, as their inputs, that are off by more than `tolerance`: a failure names every one. */
function offBy<T>(cases: readonly T[], tolerance: number, errorOf: (item: T) => number): T[] {
  return cases.filter((item) => !(errorOf(item) <= tolerance));
}

const ends = ({ lower, upper }: Interval) => [lower, upper ?? Number.POSITIVE_INFINITY];
const worst = (actual: readonly number[], expected: readonly number[], floor?: number) =>
  Math.max(...actual.map((value, index) => error(value, expected[index] as number, floor)));

describe('against SciPy and statsmodels', () => {
  test('there is something to be checked against', () => {
    const { tables, differences, distributions, corrections, bootstraps } = vectors;
    const counts = [tables, differences, distributions, corrections, bootstraps].map(({ length }) => length);
    expect(counts).toEqual([1_000, 600, 500, 100, 20]);
  });

  test('1,000 paired tables: Wilson, Newcombe, McNemar', () => {
    const bad = offBy(vectors.tables, 1e-10, ({ cells, level, wilson, newcombe, mcnemar }) => {
      const [both = 0, onlyBaseline = 0, onlyCandidate = 0, neither = 0] = cells;
      const table = { both, onlyBaseline, onlyCandidate, neither };
      const n = both + onlyBaseline + onlyCandidate + neither;
      const { oneSided, twoSided } = mcNemarExact(table);
      return Math.max(
        worst(ends(wilsonInterval(both + onlyCandidate, n, level)), wilson),
        worst(ends(newcombePairedInterval(table, level)), newcombe),
        worst([oneSided, twoSided], mcnemar),
      );
    });
    expect(bad).toEqual([]);
  });

  test('exact sign-flip p values', () => {
    const bad = offBy(vectors.differences, 1e-11, ({ values, p }) => {
      const result = signFlipTest(values, { random: createRandom('unused') });
      return result.method === 'exact' ? error(result.p, p) : Number.POSITIVE_INFINITY;
    });
    expect(bad).toEqual([]);
  });

  test('Student bounds with two pseudo-bugs', () => {
    const bad = offBy(vectors.differences, 1e-10, ({ values, bounds }) => {
      const { lower, upper, pAbove } = pseudoBugBounds(values, 0.05);
      return worst([lower, upper, pAbove], bounds);
    });
    expect(bad).toEqual([]);
  });

  test('quantiles keep ten digits from 1e-12 to 1 - 1e-12', () => {
    const bad = offBy(vectors.distributions, 1e-9, (item) =>
      Math.max(
        error(studentTQuantile(item.probability, item.df), item.tQuantile, 0.1),
        error(normalQuantile(item.probability), item.normalQuantile, 0.1),
      ),
    );
    expect(bad).toEqual([]);
  });

  test('cumulative probabilities keep nine digits in the tails', () => {
    const bad = offBy(vectors.distributions, 1e-9, (item) =>
      Math.max(
        error(studentTCdf(item.t, item.df), item.tCdf, 1e-30),
        error(normalCdf(item.t), item.normalCdf, 1e-30),
        error(fairCoinCdf(item.coins[0] as number, item.coins[1] as number), item.coinCdf, 1e-12),
      ),
    );
    expect(bad).toEqual([]);
  });

  test('adjusted p values', () => {
    const bad = offBy(vectors.corrections, 1e-10, ({ pValues, adjusted }) => worst(holm(pValues), adjusted));
    expect(bad).toEqual([]);
  });

  test('bootstrap intervals, to a step of the outcomes (both sides are drawn at random)', () => {
    // Means of thirds over n bugs move in steps of 1 / (3 n): some 5% of the width.
    const bad = offBy(vectors.bootstraps, 0.06, ({ baseline, candidate, absolute, relative }) => {
      const ours = bootstrapPaired(Float64Array.from(baseline), Float64Array.from(candidate), {
        random: createRandom('golden'),
        resamples: 50_000,
      });
      const offset = (interval: Interval | undefined, expected: readonly number[]) => {
        const [low = 0, high = 0] = expected;
        const [lower = Number.NaN, upper = Number.NaN] = interval === undefined ? [] : ends(interval);
        return Math.max(Math.abs(lower - low), Math.abs(upper - high)) / (high - low);
      };
      return Math.max(offset(ours?.absolute, absolute), offset(ours?.relative, relative));
    });
    expect(bad).toEqual([]);
  });
});
