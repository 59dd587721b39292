import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

test.concurrent('one of two', async ({ expect }) => {
  await wait(20);
  expect(1).toBe(1);
});
test.concurrent('the other', async ({ expect }) => {
  await wait(10);
  expect(1).toBe(1);
});
describe.concurrent('a concurrent suite', () => {
  test('inherits', async ({ expect }) => {
    await wait(5);
    expect(1).toBe(1);
  });
  test('fails', async ({ expect }) => {
    await wait(5);
    expect(1).toBe(2);
  });
  test('not concurrent', { concurrent: false }, () => {
    expect(1).toBe(1);
  });
});
test('alone', () => {
  expect(1).toBe(1);
});
test('alone [breaks]', () => {});
