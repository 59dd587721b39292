import type { BudgetReport } from './eval-report.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { judgeBudget } from './verdict/budget.ts';
import type { Reason } from './verdict/reason.ts';
import { type BugRuns, latencyBasis, latencyOf, pairFigures, tokensOf } from './verdict/runs.ts';

/** Metrics that a budget can be put on, and the figure of a run each is made from. */
export const BUDGET_METRICS = ['latency', 'tokens', 'calls'] as const;
export type BudgetMetric = (typeof BUDGET_METRICS)[number];

/** A budget as configured: the candidate may use so much more than the baseline. Increases are relative, 0.2 is +20 %. */
export interface BudgetLimit {
  readonly metric: BudgetMetric;
  /** Of the mean, above -1. */
  readonly limit: number;
  /** Of the 95th percentile over runs; `limit` unless told. */
  readonly tailLimit?: number;
  /** The role whose bugs it is about; all bugs together unless told. */
  readonly role?: string;
  /** What was seen beyond these is told, and decides nothing. */
  readonly soft?: { readonly mean: number; readonly p95: number };
  /** False: the limits are watched, and no verdict is made of them. */
  readonly enforced?: boolean;
}

export const DEFAULT_BUDGETS: readonly BudgetLimit[] = [
  { metric: 'latency', limit: 0.2 },
  { metric: 'tokens', limit: 0.25 },
];

/** What a limit is judged with, beside the runs. */
export interface LimitSettings {
  readonly seed: string;
  readonly resamples?: number;
  /** Both arms were recorded interleaved, so that recorded latencies may be compared. */
  readonly recordedInterleaved?: boolean;
}

/** Holds the runs of both arms against one limit. Throws as {@link judgeBudget} does. */
export function judgeLimit(
  configured: BudgetLimit,
  all: readonly BugRuns[],
  { seed, resamples, recordedInterleaved }: LimitSettings,
): BudgetReport {
  const { metric, limit, tailLimit, role, soft = null, enforced = true } = configured;
  const bugs = role === undefined ? all : all.filter((bug) => bug.role === role);
  const basis = metric === 'latency' ? latencyBasis(bugs) : null;
  const figure = {
    latency: (run: PipelineRun) => latencyOf(run, basis ?? 'recorded'),
    tokens: tokensOf,
    calls: (run: PipelineRun) => run.usage.calls,
  }[metric];
  const judged = judgeBudget({
    metric,
    limit,
    rows: pairFigures(bugs, figure),
    seed,
    comparable: basis !== 'recorded' || recordedInterleaved === true,
    ...(resamples === undefined ? {} : { resamples }),
    ...(tailLimit === undefined ? {} : { tailLimit }),
    ...(role === undefined ? {} : { role }),
  });
  const seen = { mean: judged.relative, p95: judged.p95?.relative ?? null };
  const reasons = [
    ...judged.reasons.map((reason) => (enforced ? reason : ({ ...reason, status: 'note' } as const))),
    ...(judged.status === 'fail' ? [] : softReasons(configured, seen)),
  ];
  return { ...judged, reasons, basis, role: role ?? null, p95Limit: tailLimit ?? limit, soft, enforced };
}

function softReasons(
  { metric, role, soft }: BudgetLimit,
  seen: Readonly<Record<'mean' | 'p95', number | null>>,
): Reason[] {
  if (soft === undefined) return [];
  return (['mean', 'p95'] as const).flatMap((of): Reason[] => {
    const relative = seen[of];
    if (relative === null || relative <= soft[of]) return [];
    const scope = role === undefined ? `budget:${metric}` : `budget:${metric}:${role}`;
    const values = { metric, of, limit: soft[of], relative };
    return [{ code: 'budget-soft-exceeded', status: 'note', scope, values }];
  });
}
