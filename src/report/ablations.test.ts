import { expect, test } from 'vitest';
import type { AblationRow, AblationTable } from '../core/ablation.ts';
import { ablationsLine, renderAblations } from './ablations.ts';

const row = (fields: Partial<AblationRow>): AblationRow => ({
  name: 'baseline',
  title: null,
  role: 'coder',
  pipeline: 'coder-legacy',
  environment: 'dspy-2.6.27',
  bugs: 20,
  runs: 60,
  repeats: 3,
  errors: 0,
  solved: 30,
  violations: 0,
  tokens: 512.4,
  calls: 1.845,
  latencyMs: 1711.2,
  latencyBasis: 'modelled',
  relative: null,
  interval: null,
  absolute: null,
  absoluteInterval: null,
  pValue: null,
  ...fields,
});
const table: AblationTable = {
  format: 1,
  createdAt: '2026-11-22T03:00:00.000Z',
  sourcesSha256: 'a'.repeat(64),
  mode: 'replay',
  lm: { model: 'SmolLM2', sha256: null, recordedAt: '2026-11-21T00:00:00.000Z' },
  split: 'test',
  rows: [
    row({}),
    row({
      name: 'no-lm-control',
      pipeline: 'coder-mutants',
      environment: 'dspy-3.0.1',
      solved: 36,
      tokens: 0,
      calls: 0,
      errors: 2,
      relative: 0.2,
      interval: { lower: -0.1, upper: null, level: 0.95 },
    }),
    row({ role: 'planner', pipeline: 'planner-legacy', bugs: 0, runs: 0, solved: 0, tokens: null }),
    row({ name: 'hands-out', role: 'planner', pipeline: 'planner-native', violations: 7 }),
  ],
};

test('one block a role, one line an arm', () => {
  const text = renderAblations(table, { color: false });
  const lines = text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
  expect(lines).toEqual([
    'Ablations replay, SmolLM2 recorded 2026-11-21 · test split · intervals against the baseline',
    'coder solved tokens calls latency improvement',
    'baseline 30/60 512 1.84 1711 ms coder-legacy in dspy-2.6.27',
    'no-lm-control 36/60 0 0.00 1711 ms +20 % [-10 … ∞] coder-mutants in dspy-3.0.1 2 errors',
    'planner solved tokens calls latency improvement',
    'baseline 0/0 n/a 1.84 1711 ms planner-legacy in dspy-2.6.27',
    'hands-out 30/60 512 1.84 1711 ms n/a planner-native in dspy-2.6.27 7 broken rules',
  ]);
});

test('a gate that did not make the table says how old it is', () => {
  expect(ablationsLine({ ...table, ageMs: 3 * 3_600_000, current: true })).toBe(
    '3 arms, 3 h ago (gate --ablations)',
  );
  expect(ablationsLine({ ...table, ageMs: 0, current: false })).toContain('of other code, bugs or settings');
});
