import type { AblationReport } from './ablation.ts';
import type { ComponentRow } from './component.ts';
import type { Finding, Severity, WaivedFinding } from './finding.ts';
import type { Json } from './json.ts';
import type { Arm, GatewayMode, LmUsage, RunLatency } from './pipeline-run.ts';
import type { ReportLm } from './report-lm.ts';
import type { SelfCheckReport } from './self-check.ts';
import type { Interval } from './statistics/summary.ts';
import type { Budget } from './verdict/budget.ts';
import type { FalseVerdictRates } from './verdict/false-verdicts.ts';
import type { Improvement } from './verdict/improvement.ts';
import type { Change, Changes, RoleImprovement } from './verdict/migration.ts';
import type { LatencyBasis, RunError } from './verdict/runs.ts';
import type { Verdict } from './verdict/verdict.ts';

/** Version of the report's form: raised when a field is taken away or gets another meaning. */
export const EVAL_REPORT_VERSION = 1;

/** A Python environment that took part. */
export interface ReportEnvironment {
  readonly name: string;
  /** The arm it served; null for one that was only checked. */
  readonly arm: Arm | null;
  readonly dspy: string;
  readonly python: string;
  readonly lockSha256: string | null;
}

/** What a role did beside the pool. */
export interface RoleReport extends RoleImprovement {
  /** Broken rules in the outputs, by kind. */
  readonly violations: { readonly baseline: ViolationCounts; readonly candidate: ViolationCounts };
  /** All of the candidate's broken rules together: 0 is what a law on them asks for. */
  readonly dependencyViolations: number;
}

export type ViolationCounts = Readonly<Record<string, number>>;

export interface ImprovementReport extends Improvement {
  /** The split of the bugs that was judged; `all` where bugs are not split. */
  readonly split: string;
  readonly changes: Changes;
  /** Bugs (`role/bug`) of the split that lack a scored run of an arm. */
  readonly incomplete: readonly string[];
}

/** A judged budget, and for latency where the LM's part of it comes from. */
export interface BudgetReport extends Budget {
  readonly basis: LatencyBasis | null;
  /** The role it is a budget of: its optimized pipeline's; null for that of all bugs together. */
  readonly role: string | null;
  /** Of the 95th percentile; null where it is `limit`. */
  readonly p95Limit: number | null;
  /** Beyond these a warning is given; null where there are none. */
  readonly soft: { readonly mean: number; readonly p95: number } | null;
  /** False: it is watched, and no verdict is made of it. */
  readonly enforced: boolean;
}

/** How an article fared over all tests. */
export interface ArticleReport {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Number of tests it applied to. */
  readonly governed: number;
  readonly findings: number;
  readonly waived: number;
  /** Judgements that could not be made, because other tests ran at the same time. */
  readonly unattributed: number;
}

/** How the constitution fared over a run. JSON-safe. */
export interface ConstitutionReport {
  readonly articles: readonly ArticleReport[];
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
}

/** What the plugin itself costs: measured or null. */
export interface OverheadReport {
  /** Time of the plugin's own hooks, summed over tests, in milliseconds. */
  readonly selfMs: number | null;
  /** Tests that `selfMs` was summed over. */
  readonly tests: number;
  /** The same by hook: before a test and after it. */
  readonly byHook: { readonly beforeMs: number; readonly afterMs: number } | null;
  /** Time with the plugin over time without it, minus 1, from the latest paired run; null where there is none. */
  readonly ratio: number | null;
  /** 95% interval of `ratio`. */
  readonly interval: Interval | null;
  /** What was compared: CPU time of all processes, or wall time where that cannot be had. */
  readonly basis: 'cpu' | 'wall' | null;
  readonly measuredAt: string | null;
}

/** Share of a suite's time that the plugin may cost. */
export const OVERHEAD_LIMIT = 0.05;

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One run of a bug, as far as figures are made from it. */
export interface CaseRun {
  readonly id: string;
  readonly repeat: number;
  readonly status: 'ok' | 'error';
  readonly errorCode: string | null;
  /** 0..1; 0 for an errored run; null for a run nobody scored. */
  readonly outcome: number | null;
  readonly usage: LmUsage;
  readonly latency: RunLatency;
  readonly violations: ViolationCounts;
  readonly outputHash: string;
  readonly recording: string | null;
}

/** What a pipeline answered, and what its scorer said of it. */
export interface CaseOutput {
  readonly output: Json;
  readonly detail: string;
}

/** Where the arms part. */
export interface Parting {
  /** The first repeat whose outcomes differ. */
  readonly repeat: number;
  /** Lines of its two outputs, led by `-` (baseline), `+` (candidate) or a blank. */
  readonly diff: string;
}

/** A bug with all its runs. Every figure of the report can be recomputed from these rows. */
export interface ReportCase {
  readonly role: string;
  readonly bug: string;
  readonly split: string;
  /** Whether it belongs to the split that was judged. */
  readonly judged: boolean;
  /** null where an arm has no scored run. */
  readonly change: Change | null;
  /** Mixed repeats in either arm. */
  readonly flaky: boolean;
  /** For a bug that was won or lost. */
  readonly parting: Parting | null;
  /** By `outputHash` of the runs that ended without an error. */
  readonly outputs: Readonly<Record<string, CaseOutput>>;
  readonly baseline: readonly CaseRun[];
  readonly candidate: readonly CaseRun[];
}

/** An error outside any pipeline that kept the run from being judged. */
export interface InfrastructureError {
  readonly code: string;
  readonly message: string;
}

/** `eval/eval_report.json`: the one record of a run. JSON-safe; every renderer is a pure function of it. */
export interface EvalReport {
  readonly schemaVersion: typeof EVAL_REPORT_VERSION;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly mode: GatewayMode;
  readonly verdict: Verdict;
  readonly environments: readonly ReportEnvironment[];
  readonly lm: ReportLm;
  readonly improvement: ImprovementReport;
  readonly roles: Readonly<Record<string, RoleReport>>;
  readonly budgets: readonly BudgetReport[];
  readonly constitution: ConstitutionReport;
  readonly overhead: OverheadReport;
  readonly tests: TestCounts;
  /** How often the policy is wrong over such bugs where nothing has changed; null where it was not simulated. */
  readonly falseVerdicts: FalseVerdictRates | null;
  /** The latest A/A run; null where there is none. */
  readonly selfCheck: SelfCheckReport | null;
  /** The latest ablation table; null where there is none. */
  readonly ablations: AblationReport | null;
  /** Parts around the pipelines in both versions; null where the project names none, or the run was of some bugs only. */
  readonly components: readonly ComponentRow[] | null;
  /** Runs that an interrupted gate had made before. */
  readonly resumedRuns: number;
  readonly cases: readonly ReportCase[];
  readonly errors: {
    readonly runs: readonly RunError[];
    readonly infrastructure: readonly InfrastructureError[];
  };
}
