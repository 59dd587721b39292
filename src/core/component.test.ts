import { expect, test } from 'vitest';
import {
  blockingComponents,
  type Component,
  type ComponentFacts,
  type ComponentObservation,
  componentRow,
} from './component.ts';
import type { RateCard } from './rate-card.ts';

const COMPONENT: Component = { name: 'switcher', entry: 'a.b:C', tier: 1, assertions: true };
const SEEN: ComponentObservation = {
  output: { answers: ['a'] },
  calls: 2,
  inputTokens: 90,
  outputTokens: 10,
  assertions: { attempts: 3, violations: 1 },
  series: [{ name: 'tokens', unit: 'tokens', points: [50, 100] }],
};
const WELL: ComponentFacts = {
  importError: null,
  setUpError: null,
  runError: null,
  observation: SEEN,
  cpuMs: 4,
};
const CARD: RateCard = {
  format: 1,
  model: { id: 'm', sha256: null },
  clock: 'cpu',
  overheadMs: 5,
  inputTokensPerSecond: 500,
  outputTokensPerSecond: 100,
  samples: 9,
  residual: 0.1,
  createdAt: '2026-11-24T00:00:00.000Z',
};
const judged = { limits: { tokens: 0.25, latency: 0.2 }, card: CARD };
const broken = (error: Partial<ComponentFacts>): ComponentFacts => ({
  ...WELL,
  observation: null,
  cpuMs: null,
  ...error,
});
const seeing = (change: Partial<ComponentObservation>): ComponentFacts => ({
  ...WELL,
  observation: { ...SEEN, ...change },
});
const rowOf = (
  candidate: ComponentFacts,
  baseline = WELL,
  component = COMPONENT,
  settings: { limits: typeof judged.limits; card: RateCard | null } = judged,
) => componentRow(component, { baseline, candidate }, settings);
const failed = (candidate: ComponentFacts, baseline = WELL) =>
  Object.entries(rowOf(candidate, baseline).checks)
    .filter(([, mark]) => mark === 'failed')
    .map(([name]) => name);

test('what is the same in both versions holds', () => {
  const row = rowOf(WELL);
  expect(row.holds).toBe(true);
  expect(new Set(Object.values(row.checks))).toEqual(new Set(['ok']));
  expect(row.candidate).toEqual({
    error: null,
    calls: 2,
    tokens: 100,
    // Two calls of 5 ms, 90 tokens in at 500/s, 10 out at 100/s.
    modelledLmMs: 2 * 5 + 180 + 100,
    cpuMs: 4,
    assertions: { attempts: 3, violations: 1 },
  });
  expect(row.series).toEqual(SEEN.series);
});

test.each<[string, ComponentFacts, string[]]>([
  ['it cannot be imported', broken({ importError: 'ImportError: dspy.Program' }), ['imports']],
  ['it cannot be set up', broken({ setUpError: 'TypeError' }), ['initialises']],
  ['its run fails', broken({ runError: 'KeyError' }), ['output']],
  ['its output is another one', seeing({ output: { answers: ['b'] } }), ['output']],
  ['it takes more tokens than allowed', seeing({ inputTokens: 116 }), ['tokens']],
  ['it takes longer than allowed', seeing({ inputTokens: 80, outputTokens: 20 }), ['latency']],
  ['its assertions see nothing', seeing({ assertions: { attempts: 3, violations: 0 } }), ['assertions']],
  ['it has no assertions any more', seeing({ assertions: null }), ['assertions']],
  ['its assertions try less often', seeing({ assertions: { attempts: 2, violations: 1 } }), ['assertions']],
])('a component does not hold where %s', (_, candidate, expected) => {
  expect(failed(candidate)).toEqual(expected);
  expect(rowOf(candidate).holds).toBe(false);
});

test('within the limits more tokens and time are no failure, and fewer never are', () => {
  expect(failed(seeing({ inputTokens: 115 }))).toEqual([]);
  expect(failed(seeing({ inputTokens: 1, outputTokens: 1 }))).toEqual([]);
});

test('a component that was broken before is judged by itself', () => {
  const before = broken({ importError: 'ImportError: dspy.GEPA' });
  expect(failed(WELL, before)).toEqual([]);
  expect(failed(broken({ runError: 'KeyError' }), before)).toEqual(['output']);
  expect(rowOf(WELL, before).checks).toMatchObject({ output: 'n/a', tokens: 'n/a', assertions: 'ok' });
  expect(rowOf(WELL, before).baseline.error).toBe('ImportError: dspy.GEPA');
});

test('nothing is said of latency without a rate card, nor of assertions where none are asked for', () => {
  const slow = seeing({ inputTokens: 80, outputTokens: 20 });
  expect(rowOf(slow, WELL, COMPONENT, { ...judged, card: null }).checks.latency).toBe('n/a');
  const without = rowOf(seeing({ assertions: null }), WELL, { ...COMPONENT, assertions: false });
  expect([without.checks.assertions, without.holds]).toEqual(['n/a', true]);
});

test('only tier 1 blocks', () => {
  const bad = broken({ setUpError: 'TypeError' });
  const rows = [
    rowOf(bad),
    rowOf(bad, WELL, { ...COMPONENT, name: 'dashboard', tier: 2 }),
    rowOf(WELL, WELL, { ...COMPONENT, name: 'loop' }),
  ];
  expect(blockingComponents(rows)).toEqual(['switcher']);
});
