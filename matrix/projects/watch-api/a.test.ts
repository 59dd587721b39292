import { test as base, expect, vi } from 'vitest';

const test = base.extend<{ value: number }>({
  value: async ({ task }, use) => {
    await use(task.name.length);
  },
});

test('a fixture', ({ value }) => {
  expect(value).toBe(9);
});
test('a fixture [breaks]', ({ value }) => {
  void value;
});
test('fake timers', () => {
  vi.useFakeTimers({ now: 0 });
  expect(Date.now()).toBe(0);
  vi.useRealTimers();
});
