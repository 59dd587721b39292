import { describe, expect, it, vi } from 'vitest';
import * as money from '../../units/src/money.ts';
import { total } from './basket.ts';

vi.mock('../../units/src/money.ts', { spy: true });

const priceOf = vi.fn(async () => ({ amount: 250n, currency: 'EUR' }));

describe('basket', () => {
  it('is empty', async () => {
    expect(await total([], priceOf)).toEqual({ amount: 0n, currency: 'EUR' });
  });
  it('asks for every price', async () => {
    priceOf.mockImplementation(async () => ({ amount: 100n, currency: 'EUR' }));
    expect((await total(['tea', 'cup'], priceOf)).amount).toBe(200n);
    expect(money.add).toHaveBeenCalledTimes(2);
  });
  it('fails with a price', async () => {
    priceOf.mockRejectedValueOnce(new Error('sold out'));
    await expect(total(['tea'], priceOf)).rejects.toThrow('sold out');
  });
  it('has a flaky price', { retry: 2 }, async ({ task }) => {
    expect(task.result?.retryCount).toBeGreaterThan(0);
  });
});
