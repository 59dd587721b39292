import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  test('equal seeds give equal sequences, other seeds others', () => {
    const draw = (seed: string) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  test('the sequence of a seed is the same on every machine', () => {
    const random = createRandom('vitest-constitution');
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        3873659792,
        3350762943,
        4147542620,
      ]
    `);
  });

  test('whole numbers below n are uniform (chi-squared, 6 cells, 0.1% limit)', () => {
    const random = createRandom('dice');
    const counts = new Array<number>(6).fill(0);
    for (let draw = 0; draw < 60_000; draw++) {
      const face = random.below(6);
      counts[face] = (counts[face] as number) + 1;
    }
    const chiSquared = counts.reduce((total, count) => total + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(20.5);
  });

  test('filling gives the sequence of single draws, and leaves the same state', () => {
    const single = createRandom('fill');
    const filled = createRandom('fill');
    const target = new Uint32Array(100);
    filled.fillBelow(target, 1_000);
    expect([...target]).toEqual(Array.from({ length: 100 }, () => single.below(1_000)));
    expect(filled.uint32()).toBe(single.uint32());
  });

  test('unit numbers lie in [0, 1) and have the mean and variance of the uniform distribution', () => {
    const random = createRandom('unit');
    const values = Array.from({ length: 50_000 }, () => random.unit());
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1)).toBe(true);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    expect(variance).toBeCloseTo(1 / 12, 2);
  });
});
