import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUN_CAPS, type RunCaps } from '../optimizer-budget.ts';
import { type Amounts, amountsOfCall, NOTHING } from './amounts.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { LedgerState } from './ledger-state.ts';

const NO_CAPS = Object.fromEntries(RUN_CAPS.map((cap) => [cap, null])) as RunCaps;
const by = { pid: 1, startedAt: null };

function opened(caps: Partial<RunCaps>, enforced = true): LedgerState {
  const state = new LedgerState();
  state.apply(open('a', caps, enforced));
  return state;
}
function open(s: string, caps: Partial<RunCaps>, enforced = true): LedgerEntry {
  return { k: 'open', s, ms: 0, at: '', by, caps: { ...NO_CAPS, ...caps }, enforced };
}
function ask(n: number, of: Partial<Amounts>, s = 'a', ms = 0): LedgerEntry {
  return { k: 'ask', s, ms, n, of: { ...NOTHING, calls: 1, ...of }, run: 'r' };
}
function used(n: number, of: Partial<Amounts>, more: { estimated?: true; s?: string } = {}): LedgerEntry {
  const { s = 'a', ...rest } = more;
  return { k: 'used', s, ms: 0, n, of: { ...NOTHING, calls: 1, ...of }, ...rest };
}
const cap = (hard: number, warn = hard * 0.8) => ({ hard, warn });

describe('asking', () => {
  test('is granted up to the cap, and refused beyond it for good', () => {
    const state = opened({ outputTokens: cap(100) });
    expect(state.apply(ask(0, { outputTokens: 60 })).outcome).toEqual({ kind: 'granted' });
    state.apply(used(0, { outputTokens: 60 }));
    expect(state.apply(ask(1, { outputTokens: 41 })).outcome).toEqual({
      kind: 'refused',
      cap: 'outputTokens',
    });
    // what would fit is refused as well: the optimizer is to unwind
    expect(state.apply(ask(2, { outputTokens: 1 })).outcome).toEqual({
      kind: 'refused',
      cap: 'outputTokens',
    });
    expect(state.refused).toBe(2);
    expect(state.stoppedBy).toBe('outputTokens');
  });

  test('waits where only calls under way stand against it', () => {
    const state = opened({ outputTokens: cap(100) });
    state.apply(ask(0, { outputTokens: 90 }));
    expect(state.apply(ask(1, { outputTokens: 90 })).outcome).toEqual({ kind: 'wait' });
    state.apply(used(0, { outputTokens: 5 }));
    expect(state.apply(ask(1, { outputTokens: 90 })).outcome).toEqual({ kind: 'granted' });
    expect(state.refused).toBe(0);
  });

  test('is refused once the time of all sessions together is over', () => {
    const state = opened({ seconds: cap(10) });
    state.apply(open('b', { seconds: cap(10) }));
    expect(state.apply(ask(0, {}, 'a', 6_000)).outcome).toEqual({ kind: 'granted' });
    expect(state.apply(ask(0, {}, 'b', 3_999)).outcome).toEqual({ kind: 'granted' });
    expect(state.apply(ask(1, {}, 'b', 4_000)).outcome).toEqual({ kind: 'refused', cap: 'seconds' });
  });

  test('is always granted where caps are only watched', () => {
    const state = opened({ calls: cap(1) }, false);
    state.apply(ask(0, {}));
    state.apply(used(0, {}));
    const { outcome, events } = state.apply(ask(1, {}));
    expect(outcome).toEqual({ kind: 'granted' });
    expect(events).toMatchObject([{ kind: 'violation', cap: 'calls', spent: 1, asked: 1, limit: 1 }]);
  });
});

describe('what is told', () => {
  test('a warning and a violation once each', () => {
    const state = opened({ calls: cap(5, 4) });
    const told = Array.from({ length: 7 }, (_, n) => [
      ...state.apply(ask(n, {})).events,
      ...state.apply(used(n, {})).events,
    ]);
    expect(told.flat()).toEqual([
      { kind: 'warning', cap: 'calls', spent: 4, asked: 0, limit: 4, estimated: 0 },
      { kind: 'violation', cap: 'calls', spent: 5, asked: 1, limit: 5, estimated: 0 },
    ]);
    expect(told[3]).toHaveLength(1);
  });

  test('what an endpoint used beyond what was set aside, and what was estimated of it', () => {
    const state = opened({ outputTokens: cap(100) });
    state.apply(ask(0, { outputTokens: 10 }));
    const { events } = state.apply(used(0, { outputTokens: 500 }, { estimated: true }));
    expect(events).toMatchObject([
      { kind: 'violation', cap: 'outputTokens', spent: 500, asked: 0, estimated: 500 },
    ]);
    expect(state.apply(ask(1, {})).outcome).toEqual({ kind: 'refused', cap: 'outputTokens' });
  });

  test('the cost in the currency', () => {
    const state = opened({ cost: cap(0.001) });
    const of = amountsOfCall({ input: 1_000, output: 500 }, { inputPerMillion: 0.5, outputPerMillion: 1.5 });
    expect(of.cost).toBe(1_250);
    const { outcome, events } = state.apply(ask(0, of));
    expect(outcome).toEqual({ kind: 'refused', cap: 'cost' });
    expect(events).toMatchObject([{ spent: 0, asked: 0.00125, limit: 0.001 }]);
  });

  test('a cost that is unknown, and not zero', () => {
    const state = opened({ calls: cap(5) });
    state.apply(ask(0, amountsOfCall({ input: 5, output: 5 }, undefined)));
    expect(state.reserved.cost).toBe(0);
    state.apply(used(0, amountsOfCall({ input: 5, output: 5 }, undefined)));
    state.apply(ask(1, { cost: 3 }));
    state.apply(used(1, { cost: 3 }));
    expect(state.used.cost).toBeNull();
  });
});

describe('sessions', () => {
  test('a session that ends has used what it had set aside', () => {
    const state = opened({ outputTokens: cap(100) });
    state.apply(ask(0, { outputTokens: 70 }));
    state.apply({ k: 'end', s: 'a', ms: 5, dead: true });
    expect(state.used.outputTokens).toBe(70);
    expect(state.estimated.outputTokens).toBe(70);
    expect(state.reserved).toEqual(NOTHING);
    expect(state.living().size).toBe(0);
    // what it still writes is no one's
    expect(state.apply(ask(1, { outputTokens: 1 }))).toEqual({ outcome: null, events: [] });
  });

  test('opening with a raised cap goes on where it was stopped, and what is spent stays spent', () => {
    const state = opened({ calls: cap(2, 1) });
    for (const n of [0, 1]) {
      state.apply(ask(n, {}));
      state.apply(used(n, {}));
    }
    state.apply(ask(2, {}));
    expect(state.stoppedBy).toBe('calls');
    expect(state.apply(open('b', { calls: cap(3, 2) })).events).toEqual([]);
    expect(state.apply(ask(0, {}, 'b')).outcome).toEqual({ kind: 'granted' });
    expect(state.apply(used(0, {}, { s: 'b' })).events).toEqual([]);
    expect(state.apply(ask(1, {}, 'b'))).toMatchObject({
      outcome: { kind: 'refused', cap: 'calls' },
      events: [{ kind: 'violation', spent: 3, limit: 3 }],
    });
  });

  test('an entry is settled once', () => {
    const state = opened({});
    state.apply(ask(0, { outputTokens: 7 }));
    state.apply(used(0, { outputTokens: 3 }));
    state.apply(used(0, { outputTokens: 3 }));
    state.apply(used(9, { outputTokens: 3 }));
    expect(state.used.outputTokens).toBe(3);
  });
});

test('whatever is asked in whatever order, honest calls never pass a cap, and nothing is lost', () => {
  const amount = fc.record({ calls: fc.constant(1), outputTokens: fc.nat(50), inputTokens: fc.nat(50) });
  const step = fc.record({
    of: amount,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    settle: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const state = opened({ calls: cap(20), outputTokens: cap(300), inputTokens: cap(300) });
      let spent = 0;
      const open: { n: number; of: Amounts }[] = [];
      for (const [n, { of, part, settle }] of steps.entries()) {
        const asked = { ...NOTHING, ...of };
        const foreseen = state.outlook(asked);
        const { outcome } = state.apply(ask(n, asked));
        expect(outcome).toEqual(foreseen);
        if (outcome?.kind === 'granted') open.push({ n, of: asked });
        const ending = settle ? open.shift() : undefined;
        if (ending === undefined) continue;
        const outputTokens = Math.floor(ending.of.outputTokens * part);
        spent += outputTokens;
        state.apply(used(ending.n, { ...ending.of, outputTokens }));
      }
      expect(state.used.outputTokens).toBe(spent);
      expect(state.used.outputTokens + state.reserved.outputTokens).toBeLessThanOrEqual(300);
      expect(state.used.inputTokens + state.reserved.inputTokens).toBeLessThanOrEqual(300);
      expect(state.used.calls + state.reserved.calls).toBeLessThanOrEqual(20);
      expect(state.reserved.calls).toBe(open.length);
    }),
  );
});
