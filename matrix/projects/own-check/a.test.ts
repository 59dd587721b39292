import { expect, test } from 'vitest';

test('asserts', () => {
  expect(1).toBe(1);
});
test('asserts nothing [breaks]', () => {});
