import { expect, test } from 'vitest';
import type { RoleBudget, RunCaps } from '../../core/optimizer-budget.ts';
import { type Amounts, NOTHING } from '../../core/spending/amounts.ts';
import { LedgerState } from '../../core/spending/ledger-state.ts';
import { DEFAULTS, type OptimizeOptions } from './options.ts';
import type { OptimizePlan } from './plan.ts';
import { startLines } from './start-text.ts';

const run: RunCaps = {
  calls: { hard: 40, warn: 32 },
  inputTokens: null,
  outputTokens: { hard: 900, warn: 720 },
  cost: { hard: 2.5, warn: 2 },
  seconds: { hard: 60, warn: 48 },
  metricCalls: { hard: 12, warn: 9.6 },
};

/** What is told where so much was used before. */
function told(
  options: Partial<OptimizeOptions> = {},
  {
    used = NOTHING,
    catalogue = null,
    ...budget
  }: Partial<RoleBudget> & {
    readonly used?: Amounts;
    readonly catalogue?: OptimizePlan['catalogue'];
  } = {},
): string[] {
  const state = new LedgerState();
  const by = { pid: 1, startedAt: null };
  state.apply({ k: 'open', s: 'a', ms: 0, at: '2026-11-27T02:00:00.000Z', by, caps: run, enforced: true });
  state.apply({ k: 'ask', s: 'a', ms: 3_000, n: 0, of: used, run: 'r' });
  state.apply({ k: 'used', s: 'a', ms: 3_000, n: 0, of: used });
  const plan = {
    role: 'coder',
    pipeline: { name: 'coder-native' },
    gate: { lm: { model: 'small' } },
    budget: {
      role: 'coder',
      run,
      onViolation: ['stop'],
      prices: { currency: 'EUR', models: { small: { inputPerMillion: 1, outputPerMillion: 1 } } },
      ...budget,
    },
    catalogue,
    train: [{}, {}, {}],
    validation: [{}],
  };
  return startLines(plan as unknown as OptimizePlan, { ...DEFAULTS, ...options }, state);
}

test('says what it can come to at most before anything is asked', () => {
  expect(told()).toEqual([
    'optimizing coder (coder-native) with GEPA (reflector: small): 3 bugs to learn from, 1 to score on',
    'budget of coder: at most 40 LM calls · tokens in unlimited · 900 tokens out · 2.5 EUR · 57 of 60 seconds · 12 scored answers',
  ]);
});

test('and what is left of it, where some is spent', () => {
  const used = { calls: 30, inputTokens: 500, outputTokens: 400, cost: 2_000_000, metricCalls: 5 };
  expect(told({}, { used })[1]).toBe(
    'budget of coder: at most 10 of 40 LM calls · tokens in unlimited · 500 of 900 tokens out · 0.5 of 2.5 EUR · 57 of 60 seconds · 7 of 12 scored answers',
  );
});

test('names each model whose cost nobody knows, and no model where none is asked', () => {
  const prices = { currency: 'EUR', models: {} };
  expect(told({ reflectionModel: 'large' }, { prices })[1]).toContain(
    '2.5 EUR (unknown for "small" and "large")',
  );
  const [first, second] = told({ reflector: 'catalogue' }, { prices, catalogue: [] });
  expect(first).toContain('with GEPA (reflector: catalogue): ');
  expect(second).toContain('2.5 EUR (unknown for "small")');
  expect(told({ optimizer: 'labeled-few-shot' })[0]).toContain('with LabeledFewShot: ');
  expect(told({}, { prices, run: { ...run, cost: null } })[1]).toContain(
    'cost unlimited (unknown for "small")',
  );
});

test('says that caps are only watched', () => {
  expect(told({}, { onViolation: ['alert'] })[1]).toContain(
    'budget of coder: watched, not enforced: 40 LM calls',
  );
});
