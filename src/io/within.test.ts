import { expect, test, vi } from 'vitest';
import { within } from './within.ts';

test('gives what the promise gives, or is rejected with', async () => {
  expect(await within(60_000, Promise.resolve(7))).toBe(7);
  await expect(within(60_000, Promise.reject(new RangeError('boom')))).rejects.toThrow(RangeError);
});

test('does not wait for ever, though timers are fake', async () => {
  vi.useFakeTimers();
  try {
    await expect(within(1, new Promise(() => {}))).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'not done within 1 ms',
    });
  } finally {
    vi.useRealTimers();
  }
});
