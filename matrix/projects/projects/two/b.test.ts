import { expect, test } from 'vitest';

test('asserts', () => {
  expect(2).toBe(2);
});
test('asserts nothing [breaks]', () => {});
