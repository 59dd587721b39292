import { type AblationReport, type AblationTable, ablationRows } from '../../core/ablation.ts';
import { buildEvalReport } from '../../core/build-eval-report.ts';
import type { EvalReport, InfrastructureError, ReportEnvironment } from '../../core/eval-report.ts';
import type { Arm, GatewayMode, PipelineRun } from '../../core/pipeline-run.ts';
import type { ReportLm } from '../../core/report-lm.ts';
import { isJudged } from '../../core/seeded-bug.ts';
import type { SelfCheckReport } from '../../core/self-check.ts';
import { diffOutputs } from '../../report/output-diff.ts';
import type { CollectedTest } from '../collect.ts';
import { keyOf } from './plan.ts';
import { SECOND_SESSION } from './planned-arm.ts';
import type { GateRun } from './run-gate.ts';
import { FIXTURES_FILE } from './write-test-files.ts';

/** Roles whose candidate output may break no rule: those whose outputs have rules at all. */
const LAWFUL_ROLES = ['planner'];

/** What a report is given beside the runs. */
export interface JudgeMore {
  /** The latest A/A run and ablation table. */
  readonly selfCheck?: SelfCheckReport | null;
  readonly ablations?: AblationReport | null;
  /** Parts around the pipelines in both versions. */
  readonly components?: EvalReport['components'];
}

/** Judges a gate run of both arms. Pure; the clock is the caller's. */
export function judgeGate(
  run: GateRun,
  mode: GatewayMode,
  createdAt: Date,
  more: JudgeMore = {},
): EvalReport {
  const { gate, result } = run;
  const inputs = comparisonInputs(run, runsOf(result.tests), mode, createdAt);
  return buildEvalReport({
    ...inputs,
    budgets: [...inputs.budgets, ...run.pipelineCaps],
    lawfulRoles: LAWFUL_ROLES.filter((role) => run.bugs.some((bug) => bug.role === role)),
    articles: result.constitution.articles.map(({ findings: _, ...article }) => article),
    findings: result.constitution.findings,
    waived: result.constitution.waived,
    overhead: result.overhead,
    tests: {
      passed: count(result.tests, 'passed'),
      failed: count(result.tests, 'failed') + result.fileErrors.length,
      skipped: count(result.tests, 'skipped') + count(result.tests, 'pending'),
    },
    inconclusiveExitCode: gate.inconclusiveExitCode,
    resumedRuns: result.tests.reduce((sum, { meta }) => sum + (meta?.resumed ?? 0), 0),
    diffOutputs,
    ...more,
  });
}

/** Judges the baseline against a second session of itself, as if that were a candidate: no article has a say in it. */
export function judgeSelf(run: GateRun, mode: GatewayMode, createdAt: Date): EvalReport {
  const { tests } = run.result;
  const runs = [...runsOf(tests), ...variantRuns(tests, SECOND_SESSION)];
  return buildEvalReport({
    ...comparisonInputs(run, runs, mode, createdAt),
    lawfulRoles: [],
    articles: [],
    findings: [],
    overhead: run.result.overhead,
    tests: { passed: tests.length, failed: 0, skipped: 0 },
  });
}

/** What each arm of a gate run with variants did, for the table of ablations. */
export function tabulate(
  run: GateRun,
  mode: GatewayMode,
  createdAt: Date,
  sourcesSha256: string,
): AblationTable {
  const { gate, bugs, split, result } = run;
  const judged = new Set(bugs.filter((bug) => isJudged(bug.split, split)).map(keyOf));
  const ofJudged = (own: PipelineRun) => judged.has(`${own.role}/${own.case}`);
  const ofGate = runsOf(result.tests).filter(ofJudged);
  const variants = Object.entries(gate.ablations).map(([name, { title }]) => ({
    name,
    title: title ?? null,
    runs: variantRuns(result.tests, name).filter(ofJudged),
  }));
  const ofArm = (arm: Arm) => ofGate.filter((own) => own.arm === arm);
  const arms = [{ name: 'candidate', title: null, runs: ofArm('candidate') }, ...variants];
  return {
    format: 1,
    createdAt: createdAt.toISOString(),
    sourcesSha256,
    mode,
    lm: lmOf([...ofGate, ...variants.flatMap(({ runs }) => runs)], gate.lm.model),
    split,
    rows: ablationRows(ofArm('baseline'), arms, { policy: gate.policy, seed: String(gate.seed) }),
  };
}

/** What every comparison of two arms is judged by. */
function comparisonInputs(run: GateRun, runs: readonly PipelineRun[], mode: GatewayMode, createdAt: Date) {
  const { gate, bugs } = run;
  const arms: Arm[] = ['baseline', 'candidate'];
  return {
    createdAt,
    mode,
    environments: run.environments.map(
      ({ name, dspy, python, lockSha256 }, index): ReportEnvironment => ({
        name,
        arm: arms[index] ?? null,
        dspy,
        python,
        lockSha256,
      }),
    ),
    lm: lmOf(runs, gate.lm.model),
    runs,
    splits: Object.fromEntries(bugs.map((bug) => [keyOf(bug), bug.split])),
    judgedSplit: run.split,
    policy: gate.policy,
    budgets: [
      { metric: 'latency', limit: gate.budgets.latency },
      { metric: 'tokens', limit: gate.budgets.tokens },
    ] as const,
    infrastructure: infrastructureErrors(run),
    seed: String(gate.seed),
    simulate: true,
  };
}

/** Every run of a seeded bug, in their order; fixtures may repeat some of them for a purpose of their own. */
export function runsOf(tests: readonly CollectedTest[]): PipelineRun[] {
  return tests
    .filter(({ test }) => !test.file.endsWith(`/${FIXTURES_FILE}`))
    .flatMap((test) => test.meta?.runs ?? []);
}

function variantRuns(tests: readonly CollectedTest[], name: string): PipelineRun[] {
  return tests.flatMap((test) => test.meta?.variants?.[name] ?? []);
}

/** The model that answered the runs; the oldest recording says how fresh they are. */
function lmOf(runs: readonly PipelineRun[], configured: string): ReportLm {
  const recorded = runs.flatMap((run) => (run.recordedAt === null ? [] : [run.recordedAt])).sort();
  const model = runs.find((run) => run.model.sha256 !== null)?.model ?? { id: configured, sha256: null };
  return { model: model.id, sha256: model.sha256, recordedAt: recorded[0] ?? null };
}

/** Errors of ours that ended a test: a missing recording, an environment that is away. */
function infrastructureErrors({ result }: GateRun): InfrastructureError[] {
  const ofTests = result.tests.flatMap((test) =>
    test.errors
      .filter(({ code }) => code !== null)
      .map(({ code, message }) => ({ code: code as string, message })),
  );
  const ofFiles = result.fileErrors.map(({ code, message }) => ({ code: code ?? 'CX-INTERNAL', message }));
  return [...ofFiles, ...ofTests];
}

function count(tests: readonly CollectedTest[], state: CollectedTest['state']): number {
  return tests.filter((test) => test.state === state).length;
}
