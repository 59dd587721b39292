import { expect, test } from 'vitest';

test('asserts', () => {
  expect(1).toBe(1);
});
test('skips itself', ({ skip }) => skip('here'));
test.todo('later');
