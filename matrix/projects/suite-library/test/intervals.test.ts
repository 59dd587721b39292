import { describe, expect, it } from 'vitest';
import { contains, EmptyIntervalError, interval, merge } from '../src/intervals.js';

describe('interval', () => {
  it.each([
    [1, 1],
    [2, 1],
    [Number.NaN, 1],
  ])('refuses %d to %d', (from, to) => {
    expect(() => interval(from, to)).toThrow(EmptyIntervalError);
  });

  it('contains its lower bound and not its upper one', () => {
    const range = interval(1, 2);
    expect(contains(range, 1)).toBe(true);
    expect(contains(range, 2)).toBe(false);
  });
});

describe('merge', () => {
  it('joins what touches', () => {
    expect(merge([interval(3, 4), interval(1, 2), interval(2, 3)])).toEqual([{ from: 1, to: 4 }]);
  });

  it('keeps what is apart', () => {
    const apart = [interval(1, 2), interval(5, 6)];
    expect(merge(apart)).toEqual(apart);
  });

  it('covers the same numbers', () => {
    const intervals = [interval(0, 5), interval(2, 3), interval(4, 9), interval(20, 21)];
    const merged = merge(intervals);
    for (let value = -1; value < 25; value += 0.5) {
      const covered = intervals.some((one) => contains(one, value));
      expect(merged.some((one) => contains(one, value))).toBe(covered);
    }
  });

  it.todo('takes open intervals');
});
