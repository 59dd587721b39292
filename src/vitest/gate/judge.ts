import { buildEvalReport } from '../../core/build-eval-report.ts';
import type { EvalReport, InfrastructureError, ReportEnvironment, ReportLm } from '../../core/eval-report.ts';
import type { Arm, GatewayMode, PipelineRun } from '../../core/pipeline-run.ts';
import type { CollectedTest } from '../collect.ts';
import { keyOf } from './plan.ts';
import type { GateRun } from './run-gate.ts';
import { FIXTURES_FILE } from './write-test-files.ts';

/** Roles whose candidate output may break no rule: those whose outputs have rules at all. */
const LAWFUL_ROLES = ['planner'];

/** Judges a gate run of both arms. Pure; the clock is the caller's. */
export function judgeGate(run: GateRun, mode: GatewayMode, createdAt: Date): EvalReport {
  const { gate, bugs, result } = run;
  const runs = runsOf(result.tests);
  const arms: Arm[] = ['baseline', 'candidate'];
  return buildEvalReport({
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
    ],
    lawfulRoles: LAWFUL_ROLES.filter((role) => bugs.some((bug) => bug.role === role)),
    articles: result.constitution.articles.map(({ findings: _, ...article }) => article),
    findings: result.constitution.findings,
    waived: result.constitution.waived,
    overhead: result.overhead,
    tests: {
      passed: count(result.tests, 'passed'),
      failed: count(result.tests, 'failed') + result.fileErrors.length,
      skipped: count(result.tests, 'skipped') + count(result.tests, 'pending'),
    },
    infrastructure: infrastructureErrors(run),
    seed: String(gate.seed),
    inconclusiveExitCode: gate.inconclusiveExitCode,
  });
}

/** Every run of a seeded bug, in their order; fixtures may repeat some of them for a purpose of their own. */
export function runsOf(tests: readonly CollectedTest[]): PipelineRun[] {
  return tests
    .filter(({ test }) => !test.file.endsWith(`/${FIXTURES_FILE}`))
    .flatMap((test) => test.meta?.runs ?? []);
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
