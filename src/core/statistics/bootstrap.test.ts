import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConstitutionError } from '../errors.ts';
import { bootstrapPaired, expandedTail } from './bootstrap.ts';
import { createRandom } from './random.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const columns = fc
  .array(fc.tuple(unit, unit), { minLength: 2, maxLength: 30 })
  .map((rows) => [Float64Array.from(rows, ([b]) => b), Float64Array.from(rows, ([, c]) => c)] as const);
const run = (b: Float64Array, c: Float64Array, seed = 's') =>
  bootstrapPaired(b, c, { random: createRandom(seed), resamples: 200 });

test('equal seeds give equal intervals; bounds are in order and within what can occur', () => {
  fc.assert(
    fc.property(columns, ([b, c]) => {
      const intervals = run(b, c);
      expect(intervals).toEqual(run(b, c));
      if (intervals === null) throw new ConstitutionError('CX-INTERNAL', 'two clusters have an interval');
      const { absolute, relative } = intervals;
      expect(absolute.lower).toBeLessThanOrEqual(absolute.upper ?? Number.NaN);
      expect(absolute.lower).toBeGreaterThanOrEqual(-1);
      expect(absolute.upper).toBeLessThanOrEqual(1);
      expect(relative.lower).toBeGreaterThanOrEqual(-1);
      if (relative.upper !== null) expect(relative.lower).toBeLessThanOrEqual(relative.upper);
    }),
    { numRuns: 60 },
  );
});

test('a baseline that resamples to 0 leaves the ratio without an upper bound', () => {
  const baseline = Float64Array.from([1, 0, 0, 0, 0, 0]);
  const candidate = Float64Array.from([1, 1, 1, 0, 0, 0]);
  const relative = run(baseline, candidate)?.relative;
  expect(relative?.upper).toBeNull();
  expect(Number.isFinite(relative?.lower)).toBe(true);
});

test('a resample without anything is the least for the lower bound', () => {
  const rare = Float64Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
  expect(run(rare, rare)?.relative).toMatchObject({ lower: -1, upper: null });
});

test('one cluster has no interval', () => {
  expect(run(Float64Array.of(1), Float64Array.of(0))).toBeNull();
});

test('the tail is expanded for few clusters and tends to the nominal one', () => {
  expect(expandedTail(0.95, 5)).toBeLessThan(0.001);
  expect(expandedTail(0.95, 100_000)).toBeCloseTo(0.025, 5);
});
