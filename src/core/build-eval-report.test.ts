import { describe, expect, test } from 'vitest';
import { buildEvalReport, type EvalReportInputs } from './build-eval-report.ts';
import type { EvalReport } from './eval-report.ts';
import type { Finding } from './finding.ts';
import { DEFAULT_BUDGETS } from './judge-limit.ts';
import type { Arm, PipelineRun } from './pipeline-run.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from './verdict/policy.ts';

/** Runs of `n` bugs of a role, two repeats each: all won by the candidate from bug `from` on. */
function runsOf(role: string, n: number, from: number, fields: Partial<PipelineRun> = {}): PipelineRun[] {
  const arms: Arm[] = ['baseline', 'candidate'];
  return Array.from({ length: n }, (_, at) => at).flatMap((at) =>
    arms.flatMap((arm) =>
      [0, 1].map((repeat) =>
        pipelineRun({
          role,
          case: `bug-${at}`,
          arm,
          repeat,
          outcome: arm === 'baseline' && at >= from ? 0 : 1,
          usage: { calls: 1, inputTokens: 100 + at, outputTokens: 10, estimated: false },
          ...fields,
        }),
      ),
    ),
  );
}

const inputs = (change: Partial<EvalReportInputs> = {}): EvalReportInputs => ({
  createdAt: new Date('2026-11-24T03:00:00.000Z'),
  mode: 'replay',
  environments: [{ name: 'dspy-3.0.1', arm: 'candidate', dspy: '3.0.1', python: '3.11.7', lockSha256: null }],
  lm: { model: 'smollm2-135m-instruct', sha256: null, recordedAt: null },
  runs: [...runsOf('coder', 20, 10), ...runsOf('planner', 12, 8)],
  policy: DEFAULT_POLICY,
  budgets: DEFAULT_BUDGETS,
  lawfulRoles: ['planner'],
  articles: [
    { id: 'VI', title: 'Budgets hold', severity: 'block', governed: 32, waived: 1, unattributed: 0 },
  ],
  findings: [],
  overhead: {
    selfMs: 3.2,
    tests: 32,
    byHook: null,
    ratio: null,
    interval: null,
    basis: null,
    measuredAt: null,
  },
  tests: { passed: 32, failed: 0, skipped: 0 },
  infrastructure: [],
  seed: 'test',
  resamples: 300,
  ...change,
});
const build = (change?: Partial<EvalReportInputs>): EvalReport => buildEvalReport(inputs(change));

describe('buildEvalReport', () => {
  test('is pure: equal inputs give equal reports, in any order of runs, and JSON keeps all of it', () => {
    const report = build();
    expect(build({ runs: [...inputs().runs].reverse() })).toEqual(report);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.createdAt).toBe('2026-11-24T03:00:00.000Z');
  });

  test('a good migration passes, with every part filled in', () => {
    const report = build();
    expect(report.verdict).toMatchObject({ status: 'pass', exitCode: 0 });
    expect(report.improvement).toMatchObject({
      split: 'all',
      bugs: 32,
      repeats: 2,
      candidate: 1,
      incomplete: [],
    });
    expect(report.roles['planner']).toMatchObject({ bugs: 12, dependencyViolations: 0 });
    expect(report.budgets.map(({ metric, status, basis }) => [metric, status, basis])).toEqual([
      ['latency', 'pass', 'modelled'],
      ['tokens', 'pass', null],
    ]);
    expect(report.overhead).toMatchObject({ ratio: null });
    expect(report.cases).toHaveLength(32);
  });

  test('the bounds of what the plugin costs reach the verdict', () => {
    const { overhead } = inputs();
    const measured = { ...overhead, ratio: 0.08, interval: { lower: 0.06, upper: 0.1, level: 0.95 } };
    expect(build({ overhead: measured }).verdict).toMatchObject({
      status: 'fail',
      exitCode: 1,
      reasons: [{ code: 'overhead-exceeded', values: { lower: 0.06, upper: 0.1, limit: 0.05 } }, {}, {}, {}],
    });
  });

  test('every rate can be recomputed from the rows by other means', () => {
    const { cases, improvement, roles, budgets } = build();
    const average = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length;
    const rate = (arm: Arm, rows = cases) =>
      average(rows.map((row) => average(row[arm].map((run) => run.outcome ?? 0))));
    expect(improvement.baseline).toBeCloseTo(rate('baseline'), 12);
    expect(improvement.candidate).toBeCloseTo(rate('candidate'), 12);
    expect(improvement.relative).toBeCloseTo(rate('candidate') / rate('baseline') - 1, 12);
    const planner = cases.filter((row) => row.role === 'planner');
    expect(roles['planner']?.baseline).toBeCloseTo(rate('baseline', planner), 12);
    const tokens = (arm: Arm) =>
      average(
        cases.map((row) => average(row[arm].map(({ usage }) => usage.inputTokens + usage.outputTokens))),
      );
    expect(budgets[1]?.candidate).toBeCloseTo(tokens('candidate'), 9);
  });

  test('only the judged split counts; the other rows are kept and marked', () => {
    const splits = Object.fromEntries(runsOf('coder', 20, 10).map((run) => [`coder/${run.case}`, 'test']));
    splits['coder/bug-19'] = 'train';
    const report = build({ splits, judgedSplit: 'test' });
    expect(report.improvement).toMatchObject({ split: 'test', bugs: 19 });
    expect(report.budgets[1]?.bugs).toBe(19);
    expect(report.cases).toHaveLength(32);
    expect(report.cases.filter((row) => row.judged)).toHaveLength(19);
    expect(report.cases.find((row) => row.bug === 'bug-19' && row.role === 'coder')).toMatchObject({
      split: 'train',
    });
  });

  test('a broken dependency of the candidate fails the verdict, one of the baseline does not', () => {
    const runs = (arm: Arm) =>
      inputs().runs.map((run) =>
        run.id === `planner/bug-0/${arm}/1` ? { ...run, violations: { order: 2 } } : run,
      );
    const broken = build({ runs: runs('candidate') });
    expect(broken.roles['planner']).toMatchObject({
      dependencyViolations: 2,
      violations: { baseline: {}, candidate: { order: 2 } },
    });
    expect(broken.verdict).toMatchObject({ status: 'fail', exitCode: 1 });
    expect(broken.verdict.reasons[0]).toMatchObject({ code: 'violations-present', scope: 'planner' });
    expect(build({ runs: runs('baseline') }).verdict.status).toBe('pass');
  });

  test('an errored run counts as 0 and is listed; broken infrastructure leaves no verdict', () => {
    const withError = (code: string) =>
      build({
        runs: inputs().runs.map((run) =>
          run.id === 'coder/bug-3/candidate/0'
            ? { ...run, status: 'error', error: { code, message: 'm' } }
            : run,
        ),
      });
    const timedOut = withError('CX-RUN-TIMEOUT');
    expect(timedOut.improvement.candidate).toBeCloseTo(1 - 0.5 / 32, 12);
    expect(timedOut.errors.runs).toMatchObject([{ run: 'coder/bug-3/candidate/0', ofPipeline: true }]);
    expect(timedOut.verdict.reasons.map((reason) => reason.code)).toContain('runs-errored');
    expect(timedOut.verdict.status).toBe('pass');
    expect(withError('CX-GATEWAY-MISS').verdict).toMatchObject({ status: 'error', exitCode: 3 });
  });

  test('a bug with one arm is listed and forbids a pass', () => {
    const report = build({
      runs: inputs().runs.filter((run) => !run.id.startsWith('coder/bug-0/candidate')),
    });
    expect(report.improvement).toMatchObject({ bugs: 31, incomplete: ['coder/bug-0'] });
    expect(report.verdict).toMatchObject({ status: 'inconclusive', exitCode: 2 });
  });

  test('recorded latency is shown, and judged only where both arms were recorded interleaved', () => {
    const latency = { modelledLmMs: null, recordedLmMs: 500, cpuMs: 10, wallMs: 12 };
    const runs = runsOf('coder', 20, 10, { latency });
    expect(build({ runs }).budgets[0]).toMatchObject({
      basis: 'recorded',
      status: 'inconclusive',
      baseline: 510,
    });
    expect(build({ runs, recordedInterleaved: true }).budgets[0]).toMatchObject({ status: 'pass' });
  });

  test('findings are counted by article, and blocking ones fail', () => {
    const finding = (severity: 'block' | 'warn'): Finding => ({
      code: 'CX-BUDGET-TOKENS',
      values: { tokens: 900, limit: 800 },
      article: 'VI',
      check: 'budget',
      severity,
      test: { name: 'coder > bug-1', file: 'gate.test.ts', project: 'gate' },
      place: null,
    });
    const report = build({ findings: [finding('block'), finding('warn')] });
    expect(report.constitution.articles).toMatchObject([{ id: 'VI', findings: 2, waived: 1 }]);
    expect(report.verdict.reasons[0]).toMatchObject({
      code: 'articles-broken',
      values: { blocking: 1, warning: 1 },
    });
    expect(build({ findings: [finding('warn')] }).verdict.status).toBe('pass');
  });

  test('without any run there is a report, and no verdict in favour', () => {
    const report = build({ runs: [] });
    expect(report.verdict).toMatchObject({ status: 'inconclusive', exitCode: 2 });
    expect(report).toMatchObject({ improvement: { bugs: 0 }, roles: {}, cases: [] });
  });
});

describe('components in the report', () => {
  const side = {
    error: null,
    calls: 1,
    tokens: 10,
    modelledLmMs: null,
    cpuMs: 1,
    assertions: null,
  };
  const checks = {
    imports: 'ok',
    initialises: 'ok',
    output: 'ok',
    tokens: 'ok',
    latency: 'n/a',
    assertions: 'n/a',
  } as const;
  const row = { name: 'loop', tier: 1, checks, holds: true, baseline: side, candidate: side, series: [] };
  const broken = { ...row, holds: false, checks: { ...checks, output: 'failed' as const } };

  test('one of tier 1 that does not hold fails the verdict', () => {
    expect(build({ components: [row] }).verdict).toEqual(build().verdict);
    const { verdict, components } = build({ components: [row, { ...broken, name: 'switcher' }] });
    expect(verdict).toMatchObject({ status: 'fail', exitCode: 1 });
    expect(verdict.reasons[0]).toEqual({
      code: 'component-regressed',
      status: 'fail',
      scope: 'components',
      values: { count: 1, names: 'switcher' },
    });
    expect(components).toHaveLength(2);
  });

  test('one of another tier is noted and decides nothing', () => {
    const { verdict } = build({ components: [{ ...broken, tier: 2 }] });
    expect(verdict.status).toBe(build().verdict.status);
    expect(verdict.reasons).toContainEqual(
      expect.objectContaining({
        code: 'component-differs',
        status: 'note',
        values: { count: 1, names: 'loop' },
      }),
    );
  });
});
