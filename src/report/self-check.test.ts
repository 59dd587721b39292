import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { SelfCheckReport } from '../core/self-check.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { renderSelfCheck, selfCheckLine } from './self-check.ts';

const simulated = {
  migrations: 2_000,
  bugs: 60,
  alpha: 0.05,
  pass: 0.02,
  fail: 0.3,
  regressed: 0.025,
  wrong: 0.045,
};
const check: SelfCheckReport = {
  format: 1,
  createdAt: '2026-11-22T03:00:00.000Z',
  sourcesSha256: 'a'.repeat(64),
  lm: { model: 'SmolLM2', sha256: null, recordedAt: '2026-11-21T00:00:00.000Z' },
  split: 'test',
  bugs: 40,
  repeats: 3,
  policy: DEFAULT_POLICY,
  first: 0.5,
  second: 0.51,
  relative: 0.02,
  interval: { lower: -0.09, upper: 0.14, level: 0.95 },
  pValue: 0.4,
  status: 'inconclusive',
  regressed: [],
  budgets: [
    {
      metric: 'tokens',
      limit: 0.25,
      relative: 0.011,
      interval: { lower: -0.04, upper: 0.06, level: 0.9 },
      status: 'pass',
    },
  ],
  changes: { won: 5, lost: 4, kept: 31, flaky: 12 },
  wrong: false,
  simulated,
  ageMs: 2 * 24 * 3_600_000,
  current: true,
};
const line = (change: Partial<SelfCheckReport> | null) =>
  selfCheckLine(change && { ...check, ...change }, simulated, pc.createColors(false));

describe('an A/A run', () => {
  test('in full, beside what was to be expected', () => {
    expect(renderSelfCheck(check, { color: false }).split('\n')).toEqual([
      ' A/A           the baseline against a second session of itself   SmolLM2 recorded 2026-11-21 · test split',
      '   sessions    50.0 % → 51.0 % over 40 bugs × 3   +2 % [-9 … +14]',
      '   changes     won 5 · lost 4 · kept 31 · flaky 12',
      '   budget      tokens     +1.1 % [-4.0 … +6.0] of +25 %   pass',
      '   verdict     inconclusive: right',
      '   expected    false verdicts 4.5 % by simulation of 2000 migrations of 60 bugs that change nothing',
    ]);
  });

  test('a false verdict is called one', () => {
    const wrong = renderSelfCheck({ ...check, wrong: true, regressed: ['coder'] }, { color: false });
    expect(wrong).toContain('verdict     inconclusive, coder called regressed: FALSE VERDICT');
    expect(line({ wrong: true, status: 'pass' })).toContain('pass, a false verdict (2 d ago)');
  });

  test('in one line, with its age', () => {
    expect(line({})).toBe(
      '+2 % [-9 … +14]: inconclusive, right (2 d ago) · false verdicts 4.5 % by simulation of 2000 migrations of 60 bugs that change nothing',
    );
    expect(line({ current: false })).toContain('(2 d ago, of other code, bugs or settings)');
  });

  test('that was never made is missing, not right', () => {
    expect(line(null)).toMatch(/^no run yet \(gate --self-check\) · false verdicts 4\.5 %/);
    expect(selfCheckLine(null, null, pc.createColors(false))).toContain('false verdicts not simulated');
  });
});
