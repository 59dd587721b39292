import { describe, expect, test } from 'vitest';
import { buildEvalReport, type EvalReportInputs } from '../core/build-eval-report.ts';
import type { EvalReport } from '../core/eval-report.ts';
import type { Finding } from '../core/finding.ts';
import { DEFAULT_BUDGETS } from '../core/judge-limit.ts';
import type { Arm } from '../core/pipeline-run.ts';
import { createRandom } from '../core/statistics/random.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { renderConstitution, renderReport } from './terminal.ts';

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
    expect(render(report(8))).toMatch(/\d+ more bugs? .*would decide 80 % of the time/);
  });

  /** Bugs of the given outcomes, baseline and candidate, one run each. */
  const single = (...bugs: readonly (readonly [number, number])[]) =>
    bugs.flatMap((outcomes, at) =>
      (['baseline', 'candidate'] as Arm[]).map((arm, place) =>
        pipelineRun({ case: `bug-${at}`, arm, outcome: outcomes[place] as number }),
      ),
    );

  test('more bugs and more repeats are told apart, and that neither would help', () => {
    // Every bug is alike: all that differs is luck, which repeats average out.
    const random = createRandom('luck');
    const noisy = Array.from({ length: 14 }, (_, at) => `b${at}`).flatMap((bug) =>
      [0, 1, 2].flatMap((repeat) => [
        pipelineRun({ case: bug, arm: 'baseline', repeat, outcome: Number(random.unit() < 0.4) }),
        pipelineRun({ case: bug, arm: 'candidate', repeat, outcome: Number(random.unit() < 0.6) }),
      ]),
    );
    expect(render(report(0, { runs: noisy }))).toMatch(
      /\d+ more bugs? or \d+ more repeats? would decide 80 % of the time/,
    );
    // 14 % more, where 15 % are asked for: decided some day, but not by a thousand bugs.
    const close = Array.from({ length: 200 }, (_, at): [number, number] => [
      Number(at < 100),
      Number(at < 114),
    ]);
    expect(render(report(0, { runs: single(...close) }))).toContain(
      'it would take more than 1000 more bugs to decide 80 % of the time',
    );
    // Which bugs count is said where not all do.
    const splits = Object.fromEntries(noisy.map((run) => [`coder/${run.case}`, 'test' as const]));
    expect(render(report(0, { runs: noisy, splits, judgedSplit: 'test' }))).toMatch(
      /\d+ more bugs? of the test split or \d+ more repeats? would decide/,
    );
    const never = report(0, { runs: single([0, 0], [0, 0], [0, 0]) });
    expect(render(never)).toContain('no number of bugs or repeats would decide it at these rates');
  });

  test.each([0, 1])('from %i bugs nothing can be told, and that is said', (bugs) => {
    const text = render(report(0, { runs: single([0, 1]).slice(0, 2 * bugs) }));
    expect(text).toContain('what would decide it can be told from two bugs on');
    expect(text).toContain(bugs === 0 ? 'There is no bug to judge by.' : 'One bug has no spread');
    expect(text).toContain('INCONCLUSIVE, exit 2');
  });

  test('all pass, all fail and a baseline of 0 are explained', () => {
    const of = (outcomes: readonly [number, number]) =>
      render(report(0, { runs: single(...Array.from({ length: 40 }, () => outcomes)) }));
    expect(of([1, 1])).toMatch(/40 → 40 of 40 +0 % +fail/);
    expect(of([1, 1])).toContain('The baseline is so good that the improvement asked for exceeds 100%.');
    expect(of([0, 0])).toMatch(/0 → 0 of 40 +n\/a +inconclusive/);
    expect(of([0, 0])).toContain('The baseline repairs nothing: a relative improvement does not exist.');
    expect(of([0, 1])).toMatch(/0 → 40 of 40 +n\/a +pass/);
  });

  test('single runs get the textbook table, several repeats do not', () => {
    const runs = single([1, 1], [1, 1], [0, 1], [0, 1], [0, 1], [1, 0], [0, 0]);
    expect(render(report(0, { runs }))).toMatch(
      /single runs: both 2, only baseline 1, only candidate 3, neither 1 · McNemar exact p = 0\.62 · rates \[\+16 … \+75\] → \[.*\] % \(Wilson\) · difference \[.*\] points \(Newcombe\)$/m,
    );
    expect(render(report(8))).not.toContain('McNemar');
  });

  test('what changed is counted, and where it is listed is said', () => {
    expect(render(report(8))).toContain('changes     won 2 · lost 0 · kept 8 · flaky 0   why --changes');
  });

  test('runs that ended with an error are listed, the first ten of many', () => {
    const runs = single(...Array.from({ length: 12 }, () => [1, 1] as const)).map((run) =>
      run.arm === 'candidate'
        ? {
            ...run,
            status: 'error' as const,
            error: { code: 'CX-RUN-TIMEOUT', message: 'killed\nafter 120 s' },
          }
        : run,
    );
    const text = render(report(0, { runs }));
    expect(text).toMatch(/12 → 0 of 12/);
    expect(text.match(/CX-RUN-TIMEOUT coder\/bug-\d+\/candidate\/0: killed$/gm)).toHaveLength(10);
    expect(text).toContain('and 2 more runs with an error');
    expect(text).toContain(
      'runs that ended with an error and count as not repaired: 0 baseline, 12 candidate',
    );
  });

  test('a live run says so', () => {
    const built = report(5, { mode: 'live', lm: { model: 'SmolLM2', sha256: null, recordedAt: null } });
    expect(render(built)).toContain('live, SmolLM2');
  });

  test('a broken article is marked, and its findings are listed up to ten', () => {
    const findings = Array.from({ length: 12 }, () => finding);
    const text = render(report(5, { findings }));
    expect(text).toMatch(/✗ VI .*12 findings/);
    expect(
      text.match(/CX-BUDGET-TOKENS × 12 gate\.test\.ts > coder\/bug-1: run r used 2 tokens/g),
    ).toHaveLength(1);
    expect(text).toContain('12 findings of 1 kind, one of each is shown; each failing test shows its own');
    expect(text).toContain('12 findings of blocking articles');
  });

  test('few findings are listed one by one', () => {
    const text = render(
      report(5, { findings: [finding, { ...finding, place: { file: 'gate.test.ts', line: 7 } }] }),
    );
    expect(text).toMatch(
      /CX-BUDGET-TOKENS gate\.test\.ts > coder\/bug-1: .*\n.*CX-BUDGET-TOKENS gate\.test\.ts:7 > coder/,
    );
  });

  test('a finding is one line, whatever the test is called', () => {
    const name = `clears\n\u001b[2Jthe screen ${'a'.repeat(5000)}`;
    const test = { name, file: 'a.test.ts', project: '' };
    const lines = render(report(5, { findings: [{ ...finding, test }] })).split('\n');
    const line = lines.find((one) => one.includes('CX-BUDGET-TOKENS')) ?? '';
    expect(line).toContain('a.test.ts > clears ?[2Jthe screen aaa');
    expect(line.length).toBeLessThan(450);
  });

  test('thousands of findings stay a screenful', () => {
    const findings = Array.from({ length: 2_000 }, (_, index) => ({
      ...finding,
      code: `CX-KIND-${index % 30}`,
    }));
    const lines = renderConstitution({ articles: [], findings, waived: [] }, 10_000, {
      color: false,
      findingsFile: '.constitution/findings.jsonl',
    }).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe(
      '     2000 findings of 30 kinds, one of each of the first 10 kinds is shown; all in .constitution/findings.jsonl',
    );
  });

  test('waived and unattributable judgements are counted', () => {
    const article = {
      id: 'I',
      title: 'T',
      severity: 'block',
      governed: 3,
      findings: 0,
      waived: 2,
      unattributed: 1,
    } as const;
    const waived = [{ ...finding, waiver: { test: '*', reason: 'r', until: '2026-01-01' } }];
    const text = renderConstitution({ articles: [article], findings: [], waived }, 3, { color: false });
    expect(text).toContain('0 findings · 1 waived');
    expect(text).toMatch(/✓ I .*2 waived · 1 not attributable$/);
  });

  test('a paired run is shown with its age, and decides beyond the limit', () => {
    const overhead = {
      selfMs: 3.25,
      tests: 10,
      byHook: { beforeMs: 1.25, afterMs: 2 },
      ratio: 0.072,
      interval: { lower: 0.061, upper: 0.083, level: 0.95 },
      basis: 'cpu',
      measuredAt: '2026-11-24T01:00:00.000Z',
    } as const;
    const text = render(report(5, { overhead }));
    expect(text).toContain(
      '3.3 ms in 10 tests (1.3 before, 2.0 after) · +7.2 % [+6.1 … +8.3] of +5 % (paired run, cpu, 2 h ago)',
    );
    expect(text).toContain('Verdict       FAIL, exit 1');
    expect(text).toContain(
      "costs more than +5.0 % of the suite's time: the lower end of the 95 % interval is +6.1 %",
    );
    const held = { ...overhead, ratio: 0.01, interval: { lower: -0.01, upper: 0.03, level: 0.95 } };
    expect(render(report(5, { overhead: held }))).toContain('Verdict       PASS, exit 0');
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
