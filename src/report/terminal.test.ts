import { describe, expect, test } from 'vitest';
import { buildEvalReport, DEFAULT_BUDGETS, type EvalReportInputs } from '../core/build-eval-report.ts';
import type { EvalReport } from '../core/eval-report.ts';
import type { Finding } from '../core/finding.ts';
import type { Arm } from '../core/pipeline-run.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { renderReport } from './terminal.ts';

/** Ten Coder bugs, two repeats: the candidate repairs all, the baseline the first `won`. */
function report(won: number, change: Partial<EvalReportInputs> = {}): EvalReport {
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
    overhead: { selfMs: 3.25, tests: 10, ratio: null, measuredAt: null },
    tests: { passed: 10, failed: 0, skipped: 0 },
    infrastructure: [],
    seed: 'test',
    resamples: 200,
    ...change,
  });
}

const render = (built: EvalReport) =>
  renderReport(built, 10, { color: false, reportFile: 'eval/eval_report.json' });

const finding: Finding = {
  article: 'VI',
  check: 'budget-respected',
  severity: 'block',
  code: 'CX-BUDGET-TOKENS',
  values: { run: 'r', measured: 2, allowed: 1 },
  test: { name: 'coder/bug-1', file: 'gate.test.ts', project: '' },
  place: null,
};

describe('renderReport', () => {
  test('says where the figures come from, and what they are', () => {
    const lines = render(report(5)).split('\n');
    expect(lines[0]).toBe(' Constitution  1 article · 10 tests governed · 0 findings');
    expect(lines[1]).toMatch(/^ {3}✓ VI {3}Budgets hold +10 tests$/);
    expect(lines[2]).toBe(' Migration     dspy 2.6.27 → 3.0.1   replay, SmolLM2 recorded 2026-11-23');
    expect(lines[3]).toMatch(/^ {3}coder {7}10 → 20 of 20 +\+100 % \[.* … .*\] +pass$/);
    expect(lines[4]).toMatch(/^ {3}together {4}10 → 20 of 20 +\+100 %/);
    expect(lines).toContainEqual(expect.stringMatching(/^ {3}overhead {4}3\.3 ms in 10 tests$/));
    expect(lines).toContainEqual(' Verdict       PASS, exit 0   eval/eval_report.json');
  });

  test('a figure that does not exist is not invented', () => {
    const text = render(report(0));
    expect(text).toMatch(/coder +0 → 20 of 20 +n\/a/);
  });

  test('an undecided comparison says what would decide it', () => {
    expect(render(report(8))).toMatch(/\d+ more bugs.* would decide 80 % of the time/);
  });

  test('a live run says so', () => {
    const built = report(5, { mode: 'live', lm: { model: 'SmolLM2', sha256: null, recordedAt: null } });
    expect(render(built)).toContain('live, SmolLM2');
  });

  test('a broken article is marked, and its findings are listed up to ten', () => {
    const findings = Array.from({ length: 12 }, () => finding);
    const text = render(report(5, { findings }));
    expect(text).toMatch(/✗ VI .*12 findings/);
    expect(text.match(/CX-BUDGET-TOKENS gate\.test\.ts > coder\/bug-1: run r used 2 tokens/g)).toHaveLength(
      10,
    );
    expect(text).toContain('… 2 more; each failing test shows its own.');
    expect(text).toContain('12 findings of blocking articles');
  });

  test('a warning does not look like a failure', () => {
    expect(render(report(5, { findings: [{ ...finding, severity: 'warn' }] }))).toMatch(/! VI .*1 finding$/m);
  });

  test('violations of the candidate are shown for roles that have rules', () => {
    const built = report(5);
    const coder = built.roles['coder'] as EvalReport['roles'][string];
    const lawful = {
      ...built,
      roles: {
        coder: { ...coder, violations: { baseline: { order: 3 }, candidate: {} }, dependencyViolations: 0 },
      },
    };
    expect(render(built)).not.toContain('violations');
    expect(render(lawful)).toContain('violations  coder 0 in the candidate');
  });

  test('colour only where it is asked for', () => {
    const colour = String.fromCharCode(27);
    expect(render(report(5))).not.toContain(colour);
    expect(renderReport(report(5), 10, { color: true })).toContain(colour);
  });
});
