import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retry } from '../src/retry.js';

describe('retry', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits longer after each attempt', async () => {
    const operation = vi.fn(async (attempt: number) => {
      if (attempt < 3) throw new Error(`attempt ${attempt}`);
      return 'done';
    });
    const result = retry(operation, { attempts: 5, delayMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(operation).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(199);
    expect(operation).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toBe('done');
  });

  it('gives up with the last error', async () => {
    const failing = retry(() => Promise.reject(new Error('no')), { attempts: 2, delayMs: 10 });
    const caught = failing.catch((error: Error) => error.message);
    await vi.runAllTimersAsync();
    expect(await caught).toBe('no');
  });
});
