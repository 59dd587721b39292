import { buildEvalReport, type EvalReportInputs } from '../core/build-eval-report.ts';
import type { EvalReport } from '../core/eval-report.ts';
import type { Finding } from '../core/finding.ts';
import { DEFAULT_BUDGETS } from '../core/judge-limit.ts';
import type { Arm } from '../core/pipeline-run.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { renderReport } from './terminal.ts';

/** Ten Coder bugs, two repeats: the candidate repairs all, the baseline the first `won`. */
export function report(won: number, change: Partial<EvalReportInputs> = {}): EvalReport {
  const runs = Array.from({ length: 10 }, (_, bug) => bug).flatMap((bug) =>
    (['baseline', 'candidate'] as Arm[]).flatMap((arm) =>
      [0, 1].map((repeat) =>
        pipelineRun({
          role: 'coder',
          case: `bug-${bug}`,
          arm,
          repeat,
          outcome: arm === 'candidate' || bug < won ? 1 : 0,
          usage: { calls: 1, inputTokens: 100, outputTokens: 10, estimated: false },
        }),
      ),
    ),
  );
  return buildEvalReport({
    createdAt: new Date('2026-11-24T03:00:00.000Z'),
    mode: 'replay',
    environments: [
      { name: 'a', arm: 'baseline', dspy: '2.6.27', python: '3.11.7', lockSha256: null },
      { name: 'b', arm: 'candidate', dspy: '3.0.1', python: '3.11.7', lockSha256: null },
    ],
    lm: { model: 'SmolLM2', sha256: null, recordedAt: '2026-11-23T10:00:00.000Z' },
    runs,
    policy: DEFAULT_POLICY,
    budgets: DEFAULT_BUDGETS,
    lawfulRoles: [],
    articles: [
      { id: 'VI', title: 'Budgets hold', severity: 'block', governed: 10, waived: 0, unattributed: 0 },
    ],
    findings: [],
    overhead: {
      selfMs: 3.25,
      tests: 10,
      byHook: null,
      ratio: null,
      interval: null,
      basis: null,
      measuredAt: null,
    },
    tests: { passed: 10, failed: 0, skipped: 0 },
    infrastructure: [],
    seed: 'test',
    resamples: 200,
    ...change,
  });
}

/** As a terminal without colours shows it. */
export const render = (built: EvalReport) =>
  renderReport(built, 10, { color: false, reportFile: 'eval/eval_report.json' });

/** Of the one article that {@link report} has. */
export const finding: Finding = {
  article: 'VI',
  check: 'budget-respected',
  severity: 'block',
  code: 'CX-BUDGET-TOKENS',
  values: { run: 'r', measured: 2, allowed: 1 },
  test: { name: 'coder/bug-1', file: 'gate.test.ts', project: '' },
  place: null,
};
