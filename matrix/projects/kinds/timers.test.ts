import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'Date', 'performance', 'queueMicrotask'],
    now: 0,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('time stands still', () => {
  expect(Date.now()).toBe(0);
  expect(performance.now()).toBe(0);
});
test('time is advanced', async () => {
  const called = vi.fn();
  setTimeout(called, 1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(called).toHaveBeenCalledOnce();
});
test('no time passes [breaks]', () => {
  vi.advanceTimersByTime(10_000_000);
});
