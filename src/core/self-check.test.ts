import { describe, expect, test } from 'vitest';
import { buildEvalReport } from './build-eval-report.ts';
import { DEFAULT_BUDGETS } from './judge-limit.ts';
import { selfCheckOf } from './self-check.ts';
import { falseVerdictRates, isWrongOnEqualArms } from './verdict/false-verdicts.ts';
import type { PairedRow } from './verdict/paired-row.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY, type Policy } from './verdict/policy.ts';

const nonInferiority: Policy = { kind: 'non-inferiority', margin: 0.2, alpha: 0.05 };

/** An A/A comparison of 30 bugs: `second` says which the second session solved, the first solved the first 15. */
function check(second: (bug: number) => boolean, policy: Policy = DEFAULT_POLICY) {
  const runs = Array.from({ length: 30 }, (_, at) => at).flatMap((at) => [
    pipelineRun({ case: `bug-${at}`, arm: 'baseline', outcome: Number(at < 15) }),
    pipelineRun({ case: `bug-${at}`, arm: 'candidate', outcome: Number(second(at)) }),
  ]);
  const report = buildEvalReport({
    createdAt: new Date('2026-11-24T03:00:00.000Z'),
    mode: 'replay',
    environments: [],
    lm: { model: 'm', sha256: null, recordedAt: null },
    runs,
    policy,
    budgets: DEFAULT_BUDGETS,
    lawfulRoles: [],
    articles: [],
    findings: [],
    overhead: {
      selfMs: null,
      tests: 0,
      byHook: null,
      ratio: null,
      interval: null,
      basis: null,
      measuredAt: null,
    },
    tests: { passed: 30, failed: 0, skipped: 0 },
    infrastructure: [],
    seed: 'test',
    resamples: 300,
    simulate: true,
  });
  return selfCheckOf(report, 'a'.repeat(64));
}

describe('selfCheckOf', () => {
  test('two sessions that differ by chance: the verdict is right', () => {
    const made = check((bug) => bug < 13 || bug === 20);
    expect(made).toMatchObject({ wrong: false, regressed: [], first: 0.5, bugs: 30, repeats: 1 });
    expect(made.changes).toEqual({ won: 1, lost: 2, kept: 27, flaky: 0 });
    expect(made.budgets.map(({ metric, status }) => [metric, status])).toEqual([
      ['latency', 'pass'],
      ['tokens', 'pass'],
    ]);
    expect(made.simulated?.wrong).toBeLessThan(0.1);
  });

  test('a second session that seems better beyond chance is a false verdict', () => {
    expect(check((bug) => bug < 25)).toMatchObject({ status: 'pass', wrong: true });
  });

  test('a role that is called regressed is a false verdict', () => {
    const made = check((bug) => bug < 7);
    expect(made).toMatchObject({ wrong: true, regressed: ['coder'] });
    expect(made.status).not.toBe('pass');
  });

  test('non-inferiority passes two equal sessions, and is right', () => {
    expect(check((bug) => bug < 15, nonInferiority)).toMatchObject({ status: 'pass', wrong: false });
  });
});

describe('false verdicts', () => {
  test.each<[Policy, 'pass' | 'fail' | 'inconclusive', boolean, boolean]>([
    [DEFAULT_POLICY, 'pass', false, true],
    [DEFAULT_POLICY, 'fail', false, false],
    [DEFAULT_POLICY, 'inconclusive', false, false],
    [DEFAULT_POLICY, 'inconclusive', true, true],
    [nonInferiority, 'pass', false, false],
    [nonInferiority, 'fail', false, true],
    [nonInferiority, 'pass', true, true],
  ])('%o, %s, regressed %s: wrong %s', (policy, status, regressed, wrong) => {
    expect(isWrongOnEqualArms(policy, status, regressed)).toBe(wrong);
  });

  const rows = (count: number): PairedRow[] =>
    Array.from({ length: count }, (_, at) => ({
      role: at % 2 ? 'coder' : 'planner',
      bug: `b${at}`,
      baseline: [Number(at % 3 === 0), Number(at % 5 === 0)],
      candidate: [0, 0],
    }));

  test('are simulated from the bugs that were seen, within what alpha allows for two errors', () => {
    const rates = falseVerdictRates(rows(60), DEFAULT_POLICY, 'seed');
    expect(rates?.migrations).toBe(2_000);
    expect(rates?.wrong).toBeGreaterThan(0.005);
    expect(rates?.wrong).toBeLessThan(0.1);
    expect(rates?.pass).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / 2_000));
    expect(falseVerdictRates(rows(60), DEFAULT_POLICY, 'seed')).toEqual(rates);
  });

  test('count a fail against non-inferiority', () => {
    const rates = falseVerdictRates(rows(60), { ...nonInferiority, margin: 0.02 }, 'seed');
    expect(rates?.wrong).toBeGreaterThanOrEqual(rates?.fail ?? 1);
    expect(rates?.wrong).toBeLessThan(0.1);
  });

  test('are absent without bugs', () => {
    expect(falseVerdictRates([], DEFAULT_POLICY, 'seed')).toBeNull();
  });

  test('of a large corpus are simulated with a part of it, each role in its share', () => {
    const few = falseVerdictRates(rows(60), DEFAULT_POLICY, 'seed');
    expect(few?.bugs).toBe(60);
    const many = falseVerdictRates(rows(20_000), DEFAULT_POLICY, 'seed');
    expect(many?.migrations).toBeGreaterThanOrEqual(195);
    expect(many?.bugs).toBeGreaterThan(500);
    expect(many?.bugs).toBeLessThan(1_000);
    expect(many?.wrong).toBeLessThan(0.1 + 4 * Math.sqrt((0.1 * 0.9) / 195));
  });
});
