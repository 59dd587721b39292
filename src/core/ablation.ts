import type { GatewayMode, PipelineRun } from './pipeline-run.ts';
import type { ReportLm } from './report-lm.ts';
import { type Interval, mean } from './statistics/summary.ts';
import { type JudgeOptions, judgeImprovement } from './verdict/improvement.ts';
import {
  type BugRuns,
  countViolations,
  groupRuns,
  type LatencyBasis,
  latencyBasis,
  latencyOf,
  pairFigures,
  pairOutcomes,
  tokensOf,
} from './verdict/runs.ts';

/** What one arm did in one role, or in all of them. Means are over bugs, of the mean over a bug's runs. */
export interface AblationRow {
  /** `baseline`, `candidate`, or the name of a further arm in `gate.yaml`. */
  readonly name: string;
  /** What it shows, as `gate.yaml` says it; null where it says nothing. */
  readonly title: string | null;
  /** A role, or `together` for an arm that plays all of them. */
  readonly role: string;
  /** null for `together`, where each role has its own. */
  readonly pipeline: string | null;
  readonly environment: string | null;
  readonly bugs: number;
  readonly runs: number;
  /** Samples of each bug; the most where bugs differ, 0 without bugs. */
  readonly repeats: number;
  /** Runs that ended with an error; they count as not solved. */
  readonly errors: number;
  /** Sum of the outcomes over `runs`. */
  readonly solved: number;
  /** Broken rules in the outputs, over `runs`. */
  readonly violations: number;
  /** Of a run; null without bugs. */
  readonly tokens: number | null;
  readonly calls: number | null;
  readonly latencyMs: number | null;
  /** Where the LM's part of the latency comes from. */
  readonly latencyBasis: LatencyBasis;
  /** Rate of success over that of the baseline on the same bugs, minus 1, with its 95% interval; null for the baseline. */
  readonly relative: number | null;
  readonly interval: Interval | null;
  /** The difference of the rates, with its 95% interval. */
  readonly absolute: number | null;
  readonly absoluteInterval: Interval | null;
  /** Chance of so large an improvement over the baseline where there is none, one-sided. */
  readonly pValue: number | null;
}

/** `eval/ablations.json`: what each step of the way from baseline to candidate brings. */
export interface AblationTable {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** SHA-256 over the code, bugs, locks and settings that it was made from. */
  readonly sourcesSha256: string;
  readonly mode: GatewayMode;
  readonly lm: ReportLm;
  readonly split: string;
  readonly rows: readonly AblationRow[];
}

/** The latest table, as a later report carries it. */
export interface AblationReport extends AblationTable {
  /** Milliseconds from it to the report. */
  readonly ageMs: number;
  /** Code, bugs, locks and settings are as they were. */
  readonly current: boolean;
}

/** An arm of the table with its runs; `arm` of every run but the baseline's is `candidate`. */
export interface AblationArm {
  readonly name: string;
  readonly title: string | null;
  readonly runs: readonly PipelineRun[];
}

/**
 * The rows of the table: the baseline, then every arm against it over the bugs that both ran, by role and together. An arm
 * that leaves out a role of the baseline has no row `together`.
 */
export function ablationRows(
  baseline: readonly PipelineRun[],
  arms: readonly AblationArm[],
  options: JudgeOptions,
): AblationRow[] {
  const roles = rolesOf(baseline);
  const own = scopes(roles).map((role) => {
    // Against itself, the baseline has its figures and no difference.
    const itself = baseline.map((run): PipelineRun => ({ ...run, arm: 'candidate' }));
    const row = rowOf('baseline', null, role, groupsOf([...baseline, ...itself], role), options);
    return { ...row, relative: null, interval: null, absolute: null, absoluteInterval: null, pValue: null };
  });
  const others = arms.flatMap(({ name, title, runs }) => {
    const played = rolesOf(runs);
    const isWhole = roles.every((role) => played.includes(role));
    return scopes(played)
      .filter((role) => role !== TOGETHER || isWhole)
      .map((role) => rowOf(name, title, role, groupsOf([...baseline, ...runs], role), options));
  });
  return [...own, ...others];
}

const TOGETHER = 'together';

/** Each role, and all of them where there are several. */
function scopes(roles: readonly string[]): string[] {
  return roles.length > 1 ? [...roles, TOGETHER] : [...roles];
}

function rolesOf(runs: readonly PipelineRun[]): string[] {
  return [...new Set(runs.map((run) => run.role))].sort();
}

/** The bugs of a role that both arms ran. */
function groupsOf(runs: readonly PipelineRun[], role: string): BugRuns[] {
  return groupRuns(role === TOGETHER ? runs : runs.filter((run) => run.role === role)).filter(
    ({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0,
  );
}

function rowOf(
  name: string,
  title: string | null,
  role: string,
  bugs: readonly BugRuns[],
  options: JudgeOptions,
): AblationRow {
  const runs = bugs.flatMap((bug) => bug.candidate);
  const [first] = runs;
  const { relative, interval, absolute, absoluteInterval, pValue } = judgeImprovement(
    pairOutcomes(bugs).outcomes,
    options,
    `ablation/${name}/${role}`,
  );
  const basis = latencyBasis(bugs);
  const meanOf = (figure: (run: PipelineRun) => number) =>
    bugs.length === 0 ? null : mean(pairFigures(bugs, figure).map((row) => mean(row.candidate)));
  return {
    name,
    title,
    role,
    pipeline: role === TOGETHER ? null : (first?.pipeline ?? null),
    environment: role === TOGETHER ? null : (first?.environment ?? null),
    bugs: bugs.length,
    runs: runs.length,
    repeats: Math.max(0, ...bugs.map((bug) => bug.candidate.length)),
    errors: runs.filter((run) => run.status === 'error').length,
    solved: runs.reduce((sum, run) => sum + (run.status === 'error' ? 0 : (run.outcome ?? 0)), 0),
    violations: Object.values(countViolations(runs)).reduce((sum, count) => sum + count, 0),
    tokens: meanOf(tokensOf),
    calls: meanOf((run) => run.usage.calls),
    latencyMs: meanOf((run) => latencyOf(run, basis)),
    latencyBasis: basis,
    relative,
    interval,
    absolute,
    absoluteInterval,
    pValue,
  };
}
