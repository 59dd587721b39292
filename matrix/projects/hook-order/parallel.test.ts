import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

beforeEach(async ({ task }) => {
  task.meta.log = [];
  await wait(20);
  task.meta.log.push('slow beforeEach');
});
beforeEach(({ task }) => {
  task.meta.log ??= [];
  task.meta.log.push('quick beforeEach');
});
afterEach(async ({ task }) => {
  await wait(20);
  task.meta.log.push('slow afterEach');
});
afterEach(({ task }) => {
  task.meta.log.push('quick afterEach');
});

test('hooks of different speed', ({ task }) => {
  onTestFinished(async () => {
    await wait(20);
    task.meta.log.push('slow onTestFinished');
  });
  onTestFinished(() => {
    task.meta.log.push('quick onTestFinished');
  });
  expect(task.meta.log.length).toBeGreaterThan(0);
});
test('hooks of different speed [breaks]', () => {});
