import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapPaired } from './bootstrap.ts';
import {
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from './distributions.ts';
import { holm } from './holm.ts';
import { mcNemarExact, newcombePairedInterval, wilsonInterval } from './proportions.ts';
import { pseudoBugBounds } from './pseudo-bugs.ts';
import { createRandom } from './random.ts';
import { mean, quantile, variance } from './summary.ts';
import { quantileRatio } from './tail-quantile.ts';

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe('distributions', () => {
  test('a quantile is the inverse of its distribution', () => {
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 500 }), (p, df) => {
        expect(Math.abs(studentTCdf(studentTQuantile(p, df), df) - p)).toBeLessThan(1e-10);
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-10);
      }),
    );
  });

  test('distributions are symmetric, and Student tends to normal', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 12);
        expect(studentTCdf(x, 5) + studentTCdf(-x, 5)).toBeCloseTo(1, 12);
        expect(studentTCdf(x, 1e7)).toBeCloseTo(normalCdf(x), 6);
      }),
    );
  });

  test('the incomplete beta and log-gamma satisfy their identities', () => {
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 9);
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(0.3, 2, 5) + incompleteBeta(0.7, 5, 2)).toBeCloseTo(1, 13);
  });
});

/** Of 161 patients: 59 responded before and after, 16 after only, 6 before only. */
const CONSOLIDATION = { both: 59, onlyBaseline: 16, onlyCandidate: 6, neither: 80 };

describe('proportions', () => {
  const cell = fc.integer({ min: 0, max: 60 });
  const tables = fc
    .record({ both: cell, onlyBaseline: cell, onlyCandidate: cell, neither: cell })
    .filter((table) => Object.values(table).some((count) => count > 0));

  test('intervals hold the estimate, within their range, and widen with the level', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const n = table.both + table.onlyBaseline + table.onlyCandidate + table.neither;
        const narrow = newcombePairedInterval(table, 0.8);
        const wide = newcombePairedInterval(table, 0.99);
        const difference = (table.onlyCandidate - table.onlyBaseline) / n;
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower);
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper);
        expect(narrow.lower).toBeLessThanOrEqual(difference + 1e-12);
        expect(narrow.upper).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(wide.lower).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(wide.upper).toBeLessThanOrEqual(1 + 1e-12);
        const wilson = wilsonInterval(table.both, n);
        expect(wilson.lower).toBeLessThanOrEqual(table.both / n);
        expect(wilson.upper).toBeGreaterThanOrEqual(table.both / n);
      }),
    );
  });

  test('changing the arms mirrors the interval and McNemar', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const swapped = { ...table, onlyBaseline: table.onlyCandidate, onlyCandidate: table.onlyBaseline };
        const there = newcombePairedInterval(table);
        const back = newcombePairedInterval(swapped);
        expect(back.lower).toBeCloseTo(-there.upper, 12);
        expect(mcNemarExact(swapped).twoSided).toBeCloseTo(mcNemarExact(table).twoSided, 12);
      }),
    );
  });

  test('the published case of Newcombe: complete response before and after consolidation', () => {
    // Cavo et al. 2012 in Fagerland, Lydersen and Laake, "Statistical Analysis of Contingency Tables", 2017, chapter 8.
    const { lower, upper } = newcombePairedInterval(CONSOLIDATION);
    expect([lower, upper].map((bound) => bound.toFixed(4))).toEqual(['-0.1186', '-0.0046']);
  });

  test('the textbook case of McNemar: 1 against 8 discordant pairs', () => {
    const { oneSided, twoSided } = mcNemarExact({ both: 5, onlyBaseline: 1, onlyCandidate: 8, neither: 3 });
    expect(oneSided).toBeCloseTo(10 / 512, 14);
    expect(twoSided).toBeCloseTo(20 / 512, 14);
  });
});

describe('holm', () => {
  test('never lowers a p value, keeps order, never exceeds Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 12 }), (pValues) => {
        const adjusted = holm(pValues);
        pValues.forEach((p, index) => {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p);
          expect(adjusted[index]).toBeLessThanOrEqual(Math.min(1, p * pValues.length) + 1e-12);
        });
        const order = pValues
          .map((_, index) => index)
          .sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
        const sorted = order.map((index) => adjusted[index] as number);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      }),
    );
  });

  test('one p value stays as it is', () => {
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });
});

describe('summary', () => {
  test('quantile interpolates, and keeps infinities apart from numbers', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9)).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(quantile([7], 0.3)).toBe(7);
  });

  test('mean and variance of known values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(variance([1, 2, 6])).toBe(7);
  });
});

describe('pseudo-bugs', () => {
  test('single runs give the published interval of Bonett and Price, but for its quantile and divisor', () => {
    const { both, onlyBaseline, onlyCandidate, neither } = CONSOLIDATION;
    const values = [
      ...new Array<number>(onlyCandidate).fill(1),
      ...new Array<number>(onlyBaseline).fill(-1),
      ...new Array<number>(both + neither).fill(0),
    ];
    const { lower, upper } = pseudoBugBounds(values, 0.025);
    const size = values.length + 2;
    const centre = (lower + upper) / 2;
    const ofStudent = studentTQuantile(0.975, size - 1) / Math.sqrt(size - 1);
    const half = (((upper - lower) / 2) * (normalQuantile(0.975) / Math.sqrt(size))) / ofStudent;
    // The same source as for Newcombe's interval.
    expect([centre - half, centre + half].map((bound) => bound.toFixed(4))).toEqual(['-0.1195', '-0.0032']);
  });

  test('bugs that are all alike still leave doubt, the less the more there are', () => {
    const width = (n: number) => {
      const { lower, upper } = pseudoBugBounds(new Float64Array(n).fill(-0.15), 0.05);
      return upper - lower;
    };
    expect(width(3)).toBeGreaterThan(0.5);
    expect(width(300)).toBeLessThan(0.05);
    expect(width(300)).toBeGreaterThan(0);
  });
});

describe('values outside a statistic are refused by name', () => {
  const random = createRandom('x');
  test.each<[string, () => unknown]>([
    ['successes above trials', () => wilsonInterval(3, 2)],
    ['no trials', () => wilsonInterval(0, 0)],
    ['level 1', () => wilsonInterval(1, 2, 1)],
    [
      'an empty table',
      () => newcombePairedInterval({ both: 0, onlyBaseline: 0, onlyCandidate: 0, neither: 0 }),
    ],
    [
      'half a bug',
      () => newcombePairedInterval({ both: 0.5, onlyBaseline: 0, onlyCandidate: 0, neither: 1 }),
    ],
    ['p above 1', () => holm([1.2])],
    ['quantile of nothing', () => quantile([], 0.5)],
    ['quantile beyond 1', () => quantile([1], 1.5)],
    ['mean of nothing', () => mean([])],
    ['variance of one', () => variance([1])],
    ['probability 0', () => studentTQuantile(0, 3)],
    ['no degrees of freedom', () => studentTCdf(1, 0)],
    ['alpha of one half', () => pseudoBugBounds([1], 0.5)],
    ['unequal columns', () => bootstrapPaired(Float64Array.of(1, 1), Float64Array.of(1), { random })],
    ['a negative value', () => bootstrapPaired(Float64Array.of(1, -1), Float64Array.of(1, 1), { random })],
    [
      'ten resamples',
      () => bootstrapPaired(Float64Array.of(1, 1), Float64Array.of(1, 1), { random, resamples: 10 }),
    ],
    ['a low quantile', () => quantileRatio({ baseline: [[1]], candidate: [[1]] }, 0.2, { random })],
    ['NaN', () => normalCdf(Number.NaN)],
    ['incomplete beta at 2', () => incompleteBeta(2, 1, 1)],
    ['log-gamma of 0', () => logGamma(0)],
  ])('%s', (_, call) => {
    expect(call).toThrowError(expect.objectContaining({ code: 'CX-STATISTICS-INPUT' }));
  });
});
