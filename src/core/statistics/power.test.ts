import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, leastFulfilling, pseudoBugDistance, requiredDistance, varianceParts } from './power.ts';
import { createRandom } from './random.ts';

describe('power', () => {
  test('the distance for alpha 0.05 and power 0.8 is that of the tables', () => {
    expect(requiredDistance(0.05, 0.8)).toBeCloseTo(1.6449 + 0.8416, 4);
  });

  test('pseudo-bugs lessen the distance, and vanish with many bugs', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.integer({ min: 2, max: 500 }),
        (mean, variance, n) => {
          expect(pseudoBugDistance({ mean, variance }, n)).toBeLessThan(distance({ mean, variance }, n));
        },
      ),
    );
    const effect = { mean: 0.1, variance: 0.3 };
    expect(pseudoBugDistance(effect, 1e6) / distance(effect, 1e6)).toBeCloseTo(1, 4);
  });

  test('leastFulfilling finds the border, or none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 120 }), (from, border) => {
        const found = leastFulfilling(from, 100, (n) => n >= border);
        expect(found).toBe(border > 100 ? null : Math.max(from, border));
      }),
    );
  });

  test('variance is split into between and within bugs as it was made', () => {
    // Each bug has its own difference (variance 0.03) and each outcome its own noise (variance 1/12).
    const random = createRandom('parts');
    const pairs = Array.from({ length: 20_000 }, () => {
      const own = 0.6 * random.unit();
      return {
        baseline: Array.from({ length: 3 }, () => random.unit()),
        candidate: Array.from({ length: 3 }, () => own + random.unit()),
      };
    });
    const parts = varianceParts(pairs, 1);
    expect(parts?.between).toBeCloseTo(0.03, 2);
    expect(parts?.within).toBeCloseTo((2 * (1 / 12)) / 3, 2);
  });

  test('single runs cannot be split', () => {
    expect(varianceParts([{ baseline: [1], candidate: [0, 1] }], 1)).toBeNull();
  });
});
