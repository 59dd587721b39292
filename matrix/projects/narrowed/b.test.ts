import { expect, test } from 'vitest';

test('subtracts', () => {
  expect(2 - 1).toBe(1);
});
