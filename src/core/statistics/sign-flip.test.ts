import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { signFlipTest } from './sign-flip.ts';

const random = () => createRandom('sign-flip');
const exact = (values: readonly number[]) => signFlipTest(values, { random: random() });

/** Every assignment of signs, written out: the definition. */
function byDefinition(values: readonly number[]): number {
  const observed = values.reduce((total, value) => total + value, 0);
  let reached = 0;
  for (let signs = 0; signs < 2 ** values.length; signs++) {
    const flipped = values.reduce(
      (total, value, index) => total + (signs & (1 << index) ? -value : value),
      0,
    );
    if (flipped >= observed - 1e-9) reached++;
  }
  return reached / 2 ** values.length;
}

describe('signFlipTest', () => {
  test.each([1, 3, 7])('equals its definition for multiples of 1/%i', (denominator) => {
    const value = fc.integer({ min: -denominator, max: denominator }).map((whole) => whole / denominator);
    fc.assert(
      fc.property(fc.array(value, { maxLength: 9 }), (values) => {
        expect(exact(values).p).toBeCloseTo(byDefinition(values), 12);
        expect(exact(values).method).toBe('exact');
      }),
    );
  });

  test('equals its definition for values without a common denominator', () => {
    const value = fc.integer({ min: -9_973, max: 9_973 }).map((whole) => whole / 9_973);
    fc.assert(
      fc.property(fc.array(value, { maxLength: 9 }), (values) => {
        expect(exact(values)).toEqual({ p: byDefinition(values), method: 'exact' });
      }),
    );
  });

  test('the sign of everything turns p into the other tail', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -3, max: 3 }).map((whole) => whole / 3),
          { maxLength: 40 },
        ),
        (values) => {
          const above = exact(values).p;
          const below = exact(values.map((value) => -value)).p;
          // Both tails count the observed sum itself.
          expect(above + below).toBeGreaterThanOrEqual(1 - 1e-12);
        },
      ),
    );
  });

  test('no difference at all is no evidence', () => {
    expect(exact([0, 0, 0])).toEqual({ p: 1, method: 'exact' });
    expect(exact([])).toEqual({ p: 1, method: 'exact' });
  });

  test('what only rounding tells apart is no difference', () => {
    expect(exact([0.1 + 0.2 - 0.3, 1, 1])).toEqual({ p: 1 / 4, method: 'exact' });
  });

  test('five wins of five give 1/32', () => {
    expect(exact([1, 1, 1, 1, 1]).p).toBe(1 / 32);
  });

  describe('beyond the exact range', () => {
    const irrational = Array.from({ length: 30 }, (_, index) => Math.sin(index + 1) / 2 + 0.1);

    test('draws agree with the exact value of nearby multiples of 1/60', () => {
      const drawn = signFlipTest(irrational, { random: random(), draws: 40_000 });
      const near = exact(irrational.map((value) => Math.round(value * 60) / 60));
      expect(drawn.method).toBe('monte-carlo');
      expect(near.method).toBe('exact');
      expect(Math.abs(drawn.p - near.p)).toBeLessThan(0.02);
    });

    test('equal seeds give an equal p', () => {
      expect(signFlipTest(irrational, { random: random() })).toEqual(
        signFlipTest(irrational, { random: random() }),
      );
    });

    test('p is never 0: the observed signs are one of the draws', () => {
      const certain = irrational.map((value) => Math.abs(value) + 0.3);
      expect(signFlipTest(certain, { random: random(), draws: 99 }).p).toBe(1 / 100);
    });

    test('thousands of bugs stay quick by drawing', () => {
      const many = Array.from({ length: 10_000 }, (_, index) => ((index % 11) - 5) / 5);
      expect(signFlipTest(many, { random: random(), draws: 500 }).method).toBe('monte-carlo');
    });
  });

  test('a difference beyond 1 is refused', () => {
    expect(() => exact([1.5])).toThrowError(expect.objectContaining({ code: 'CX-STATISTICS-INPUT' }));
  });
});
