import { describe, expect, test } from 'vitest';
import { add, format, split } from './money.ts';

const euro = (amount: number) => ({ amount: BigInt(amount), currency: 'EUR' });

describe('money', () => {
  test('is added', () => {
    expect(add(euro(150), euro(250))).toEqual(euro(400));
  });
  test('of two currencies is not', () => {
    expect(() => add(euro(1), { amount: 1n, currency: 'USD' })).toThrow(TypeError);
  });
  test.for([1, 3, 7])('split into %i parts is not lost', (parts, { expect }) => {
    const sum = split(euro(100), parts).reduce(add);
    expect(sum).toEqual(euro(100));
  });
  test('is written with two digits', () => {
    expect(format(euro(1205))).toMatchInlineSnapshot(`"12.05 EUR"`);
  });
  test('is only split [breaks]', () => {
    split(euro(1), 1);
  });
});
