import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { quantileRatio } from './tail-quantile.ts';

describe('quantileRatio', () => {
  const options = () => ({ random: createRandom('tail'), resamples: 300, level: 0.9 });

  test('nearest rank over all runs of all clusters', () => {
    const baseline = Array.from({ length: 20 }, (_, index) => [index + 1]);
    const candidate = baseline.map(([value = 0]) => [value * 2]);
    const result = quantileRatio({ baseline, candidate }, 0.95, options());
    expect(result.baseline).toBe(19);
    expect(result.candidate).toBe(38);
    expect(result.relative).toBe(1);
    expect(result.interval).toMatchObject({ lower: 1, upper: 1, level: 0.9 });
  });

  test('a tail that only one arm has widens the interval upwards', () => {
    const baseline = Array.from({ length: 100 }, () => [10, 10]);
    const candidate = Array.from({ length: 100 }, (_, index) => [10, index < 9 ? 40 : 10]);
    const { relative, interval } = quantileRatio({ baseline, candidate }, 0.95, options());
    expect(relative).toBe(0);
    expect(interval?.upper).toBe(3);
  });

  test('a baseline of 0 has no ratio; one cluster has no interval', () => {
    expect(quantileRatio({ baseline: [[0], [0]], candidate: [[1], [1]] }, 0.95, options())).toMatchObject({
      relative: null,
      interval: null,
    });
    expect(quantileRatio({ baseline: [[2]], candidate: [[3]] }, 0.95, options()).interval).toBeNull();
  });
});
