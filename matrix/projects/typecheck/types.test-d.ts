import { describe, expectTypeOf, test } from 'vitest';

test('a number', () => {
  expectTypeOf(1).toBeNumber();
});
describe('a suite', () => {
  test('not a string', () => {
    expectTypeOf(1).toBeString();
  });
  test.skip('skipped', () => {});
});
