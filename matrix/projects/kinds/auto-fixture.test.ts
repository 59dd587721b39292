import { setTimeout as wait } from 'node:timers/promises';
import { test as base, expect } from 'vitest';

// No hook of this file asks for fixtures before a test does: their time is the test's.
const test = base.extend<{ slow: number }>({
  slow: [
    async ({}, use) => {
      await wait(200);
      await use(1);
    },
    { auto: true },
  ],
});

test('a fixture that takes longer than the test may', { timeout: 100 }, () => {
  expect(1).toBe(1);
});
test('a fixture in time', { timeout: 2000 }, () => {
  expect(1).toBe(1);
});

const broken = base.extend<{ thrower: number }>({
  thrower: [
    async () => {
      throw new Error('this fixture cannot be made');
    },
    { auto: true },
  ],
});
broken('a fixture that throws', () => {
  expect(1).toBe(1);
});
