import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPathMs, modelledCallMs, type RateCard, type TimedCall } from './rate-card.ts';

const call = fc.record({
  startMs: fc.integer({ min: 0, max: 40 }),
  latencyMs: fc.integer({ min: 0, max: 15 }),
  weightMs: fc.integer({ min: 0, max: 100 }),
});
const calls = fc.array(call, { maxLength: 12 });

/** The definition, word for word: try every chain. Calls without duration at one moment follow list order. */
function bySearch(list: readonly TimedCall[]): number {
  const order = [...list].sort((a, b) => a.startMs - b.startMs || a.latencyMs - b.latencyMs);
  const from = (index: number): number => {
    const current = order[index] as TimedCall;
    const after = order
      .map((next, at) => ({ next, at }))
      .filter(({ next, at }) => at > index && next.startMs >= current.startMs + current.latencyMs);
    return current.weightMs + Math.max(0, ...after.map(({ at }) => from(at)));
  };
  return Math.max(0, ...order.map((_, index) => from(index)));
}

describe('criticalPathMs', () => {
  test('is what trying every chain gives', () => {
    fc.assert(
      fc.property(calls, (list) => {
        expect(criticalPathMs(list)).toBe(bySearch(list));
      }),
      { numRuns: 500 },
    );
  });

  test('is the sum for calls one after the other, the largest for calls side by side', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const weights = list.map(({ weightMs }) => weightMs);
        const inTurn = list.map(({ weightMs }, at) => ({ startMs: at * 10, latencyMs: 10, weightMs }));
        const atOnce = list.map(({ weightMs }) => ({ startMs: 0, latencyMs: 10, weightMs }));
        expect(criticalPathMs(inTurn)).toBe(weights.reduce((sum, weight) => sum + weight, 0));
        expect(criticalPathMs(atOnce)).toBe(Math.max(0, ...weights));
      }),
    );
  });

  test('does not depend on the order in which calls are listed', () => {
    fc.assert(
      fc.property(calls, (list) => {
        expect(criticalPathMs([...list].reverse())).toBe(criticalPathMs(list));
      }),
    );
  });

  test('never falls when a call is added', () => {
    fc.assert(
      fc.property(calls, call, (list, added) => {
        expect(criticalPathMs([...list, added])).toBeGreaterThanOrEqual(criticalPathMs(list));
      }),
    );
  });

  test('a call that starts one millisecond before another ends does not wait for it', () => {
    const first = { startMs: 0, latencyMs: 10, weightMs: 7 };
    expect(criticalPathMs([first, { startMs: 10, latencyMs: 1, weightMs: 5 }])).toBe(12);
    expect(criticalPathMs([first, { startMs: 9, latencyMs: 1, weightMs: 5 }])).toBe(7);
  });

  test('takes 100,000 calls', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => ({
      startMs: at % 977,
      latencyMs: 3,
      weightMs: 1,
    }));
    expect(criticalPathMs(many)).toBe(326);
  });
});

test('modelledCallMs adds overhead, input and output time', () => {
  const card: RateCard = {
    format: 1,
    model: { id: 'm', sha256: null },
    clock: 'cpu',
    overheadMs: 5,
    inputTokensPerSecond: 500,
    outputTokensPerSecond: 100,
    samples: 10,
    residual: 0.02,
    createdAt: '2026-11-24T00:00:00.000Z',
  };
  expect(modelledCallMs(card, { input: 250, output: 20 })).toBe(5 + 500 + 200);
});
