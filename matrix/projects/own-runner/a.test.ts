import { expect, test } from 'vitest';

test('is counted', ({ task }) => {
  expect(task.meta).toMatchObject({ attempt: 1 });
});
test('is counted with its attempts', { retry: 1 }, ({ task }) => {
  expect(task.meta).toMatchObject({ attempt: 3 });
});
test('is counted [breaks]', () => {});
test.fails('fails as it should', () => {
  expect(1).toBe(2);
});
