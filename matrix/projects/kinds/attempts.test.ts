import { beforeEach, describe, expect, test } from 'vitest';

let calls = 0;
beforeEach(() => {
  calls++;
});

test('passes at the third attempt', { retry: 3 }, ({ task, expect }) => {
  expect(task.result?.retryCount).toBe(2);
});
test('fails at every attempt', { retry: 2 }, () => {
  expect(1).toBe(2);
});
test('repeats', { repeats: 3 }, () => {
  expect(1).toBe(1);
});
test('fails in one repeat', { repeats: 2 }, ({ task }) => {
  expect(task.result?.repeatCount).not.toBe(1);
});
test('retries and repeats', { repeats: 1, retry: 1 }, ({ task }) => {
  task.meta.calls = (task.meta.calls ?? 0) + 1;
  expect(task.meta.calls % 2).toBe(0);
});
describe('with its own retry', { retry: 1 }, () => {
  test('inherits it', ({ task }) => {
    expect(task.result?.retryCount).toBe(1);
  });
});
test('hooks ran for every attempt', () => {
  // 3 + 3 + 4 + 3 + 4 + 2 + 1
  expect(calls).toBe(20);
});
test('asserts after a retry only', { retry: 1 }, ({ task }) => {
  if (task.result?.retryCount === 0) throw new Error('once more');
  expect(1).toBe(1);
});
