import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { limitSignal } from './limit-signal.ts';

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

test('fires after its time, whatever the garbage collector does meanwhile', async () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const collecting = setInterval(collect, 5);
  try {
    // Nothing but the waiting listener holds on to the limit.
    const reason = await (() => aborted(limitSignal(50).signal))();
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  } finally {
    clearInterval(collecting);
  }
});

test('fires with another signal, and says that it was not the time', async () => {
  const other = new AbortController();
  const limit = limitSignal(60_000, [other.signal]);
  other.abort('enough');
  expect(await aborted(limit.signal)).toBe('enough');
  expect(limit.expired).toBe(false);
  limit.clear();
});

test('has fired already where another signal has', () => {
  const limit = limitSignal(60_000, [AbortSignal.abort('before')]);
  expect(limit.signal.reason).toBe('before');
  limit.clear();
});

test('a cleared one never fires', async () => {
  const other = new AbortController();
  const limit = limitSignal(0, [other.signal]);
  limit.clear();
  other.abort();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(limit.signal.aborted).toBe(false);
});
