import { blockingComponents } from './component.ts';
import {
  type ArticleReport,
  EVAL_REPORT_VERSION,
  type EvalReport,
  type InfrastructureError,
  OVERHEAD_LIMIT,
  type OverheadReport,
  type ReportEnvironment,
  type RoleReport,
  type TestCounts,
} from './eval-report.ts';
import type { Finding, WaivedFinding } from './finding.ts';
import { type BudgetLimit, judgeLimit } from './judge-limit.ts';
import type { GatewayMode, PipelineRun } from './pipeline-run.ts';
import { type DiffOutputs, reportCase } from './report-case.ts';
import type { ReportLm } from './report-lm.ts';
import { isJudged } from './seeded-bug.ts';
import { falseVerdictRates } from './verdict/false-verdicts.ts';
import { judgeMigration, type Migration } from './verdict/migration.ts';
import { bugKey } from './verdict/paired-row.ts';
import type { Policy } from './verdict/policy.ts';
import { type BugRuns, countViolations, groupRuns, pairOutcomes } from './verdict/runs.ts';
import { combineVerdict } from './verdict/verdict.ts';

/** Everything a report is made of. */
export interface EvalReportInputs {
  /** The time of the report: the clock is the caller's. */
  readonly createdAt: Date;
  readonly mode: GatewayMode;
  readonly environments: readonly ReportEnvironment[];
  readonly lm: ReportLm;
  /** The runs of seeded bugs in both arms, in any order. */
  readonly runs: readonly PipelineRun[];
  /** Split of each bug by `role/bug`; a bug that is not named here belongs to `all`. */
  readonly splits?: Readonly<Record<string, string>>;
  /** The split that is judged; `all`, the default, judges every bug. */
  readonly judgedSplit?: string;
  readonly policy: Policy;
  /** Those of all bugs together, and those of single roles. */
  readonly budgets: readonly BudgetLimit[];
  /** Both arms were recorded interleaved, so that recorded latencies may be compared. */
  readonly recordedInterleaved?: boolean;
  /** Roles whose candidate output may break no rule. */
  readonly lawfulRoles: readonly string[];
  /** Title, severity and reach of each article; findings are counted here. */
  readonly articles: readonly Omit<ArticleReport, 'findings'>[];
  readonly findings: readonly Finding[];
  readonly waived?: readonly WaivedFinding[];
  readonly overhead: OverheadReport;
  readonly tests: TestCounts;
  readonly infrastructure: readonly InfrastructureError[];
  readonly seed: string;
  readonly resamples?: number;
  readonly inconclusiveExitCode?: 0 | 1 | 2;
  /** The rates of false verdicts are simulated as well, which takes about a second. */
  readonly simulate?: boolean;
  /** The latest A/A run and ablation table. */
  readonly selfCheck?: EvalReport['selfCheck'];
  readonly ablations?: EvalReport['ablations'];
  /** Parts around the pipelines in both versions. */
  readonly components?: EvalReport['components'];
  readonly resumedRuns?: number;
  /** Shows how the outputs of a bug that was won or lost differ. */
  readonly diffOutputs?: DiffOutputs;
}

/**
 * Judges the runs and writes down everything: pure, so that equal inputs give an equal report. Throws
 * `CX-VERDICT-INPUT`/`CX-STATISTICS-INPUT` for runs that contradict each other or a policy out of range.
 */
export function buildEvalReport(inputs: EvalReportInputs): EvalReport {
  const judgedSplit = inputs.judgedSplit ?? 'all';
  const splitOf = (bug: BugRuns) => inputs.splits?.[bugKey(bug)] ?? 'all';
  const bugs = groupRuns(inputs.runs);
  const ofJudged = (bug: BugRuns) => isJudged(splitOf(bug), judgedSplit);
  const judged = bugs.filter(ofJudged);
  const paired = pairOutcomes(judged);
  const judge = {
    policy: inputs.policy,
    seed: inputs.seed,
    ...(inputs.resamples === undefined ? {} : { resamples: inputs.resamples }),
  };
  const migration = judgeMigration(paired.outcomes, { ...judge, roles: judged.map((bug) => bug.role) });
  const roles = roleReports(migration, judged);
  const budgets = inputs.budgets.map((budget) => judgeLimit(budget, judged, inputs));
  const errored = (arm: string) =>
    paired.errors.filter((error) => error.arm === arm && error.ofPipeline).length;
  const verdict = combineVerdict({
    migration,
    budgets,
    incomplete: paired.incomplete,
    erroredRuns: { baseline: errored('baseline'), candidate: errored('candidate') },
    violations: violationsOf(judged, inputs.lawfulRoles),
    findings: {
      blocking: inputs.findings.filter((finding) => finding.severity === 'block').length,
      warning: inputs.findings.filter((finding) => finding.severity === 'warn').length,
    },
    tests: inputs.tests,
    components: brokenComponents(inputs.components ?? []),
    overhead: overheadBounds(inputs.overhead),
    infrastructure: [
      ...inputs.infrastructure.map((error) => error.code),
      ...paired.errors.filter((error) => !error.ofPipeline).map((error) => error.code),
    ],
    ...(inputs.inconclusiveExitCode === undefined
      ? {}
      : { inconclusiveExitCode: inputs.inconclusiveExitCode }),
  });
  return {
    schemaVersion: EVAL_REPORT_VERSION,
    createdAt: inputs.createdAt.toISOString(),
    mode: inputs.mode,
    verdict,
    environments: inputs.environments,
    lm: inputs.lm,
    improvement: {
      ...migration.together,
      split: judgedSplit,
      changes: migration.changes,
      incomplete: paired.incomplete,
    },
    roles,
    budgets,
    constitution: {
      articles: countFindings(inputs),
      findings: inputs.findings,
      waived: inputs.waived ?? [],
    },
    overhead: inputs.overhead,
    tests: inputs.tests,
    falseVerdicts: inputs.simulate ? falseVerdictRates(paired.outcomes, inputs.policy, inputs.seed) : null,
    selfCheck: inputs.selfCheck ?? null,
    ablations: inputs.ablations ?? null,
    components: inputs.components ?? null,
    resumedRuns: inputs.resumedRuns ?? 0,
    cases: bugs.map((bug) =>
      reportCase(bug, { split: splitOf(bug), judged: ofJudged(bug), diff: inputs.diffOutputs }),
    ),
    errors: { runs: paired.errors, infrastructure: inputs.infrastructure },
  };
}

/** Components that do not hold: those that fail the verdict, and the others. */
function brokenComponents(rows: NonNullable<EvalReport['components']>) {
  const blocking = blockingComponents(rows);
  const others = rows.filter(({ holds, tier }) => !holds && tier > 1).map(({ name }) => name);
  return { blocking, others };
}

/** Bounds of the paired run; null where there is none, or none with an end above. */
function overheadBounds({ interval }: OverheadReport) {
  if (interval === null || interval.upper === null) return null;
  return { lower: interval.lower, upper: interval.upper, limit: OVERHEAD_LIMIT };
}

function roleReports(migration: Migration, bugs: readonly BugRuns[]): Record<string, RoleReport> {
  const reports = Object.entries(migration.roles).map(([role, improvement]): [string, RoleReport] => {
    const own = bugs.filter((bug) => bug.role === role);
    const violations = {
      baseline: countViolations(own.flatMap((bug) => bug.baseline)),
      candidate: countViolations(own.flatMap((bug) => bug.candidate)),
    };
    return [role, { ...improvement, violations, dependencyViolations: total(violations.candidate) }];
  });
  return Object.fromEntries(reports);
}

/** Counted from the runs, so that a role without a complete pair cannot hide its broken rules. */
function violationsOf(bugs: readonly BugRuns[], roles: readonly string[]): Record<string, number> {
  const countOf = (role: string) =>
    total(countViolations(bugs.filter((bug) => bug.role === role).flatMap((bug) => bug.candidate)));
  return Object.fromEntries(roles.map((role) => [role, countOf(role)]));
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function countFindings({ articles, findings }: EvalReportInputs): ArticleReport[] {
  return articles.map((article) => ({
    ...article,
    findings: findings.filter((finding) => finding.article === article.id).length,
  }));
}
