import { bootstrapPaired, DEFAULT_RESAMPLES } from '../statistics/bootstrap.ts';
import { createRandom } from '../statistics/random.ts';
import { outOfRange } from '../statistics/require.ts';
import { type Interval, mean } from '../statistics/summary.ts';
import { type QuantileRatio, quantileRatio } from '../statistics/tail-quantile.ts';
import { columnsOf, orderedRows, type PairedRow } from './paired-row.ts';
import type { Reason, Status } from './reason.ts';

/** A limit of what the candidate may use more than the baseline, over the same bugs. */
export interface BudgetQuery {
  /** `latency`, `tokens`, or another name. */
  readonly metric: string;
  /** Allowed relative increase, above -1: 0.2 for +20%, -0.1 where a tenth is to be saved. */
  readonly limit: number;
  /** The same for the 95th percentile over runs; `limit` unless told. */
  readonly tailLimit?: number;
  /** What each run used, >= 0, in any one unit. */
  readonly rows: readonly PairedRow[];
  readonly seed: string;
  /** Error rate of each bound; 0.05 unless told. */
  readonly alpha?: number;
  readonly resamples?: number;
  /** False where the arms were not measured alike (latencies recorded at different times): shown, never passed. */
  readonly comparable?: boolean;
  /** The role that all rows are of, for a budget of its own: reasons then name it. */
  readonly role?: string;
}

/** The 95th percentile over runs in both arms. */
export interface BudgetTail extends QuantileRatio {
  readonly probability: number;
  /** Whether it takes part in the status: from 59 bugs on. */
  readonly gates: boolean;
}

/** A judged budget. Figures are in the metric's unit, increases relative (0.2 = +20%). */
export interface Budget {
  readonly metric: string;
  readonly limit: number;
  readonly bugs: number;
  /** Mean over bugs of the mean over runs; null without bugs. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** candidate / baseline - 1; null where the baseline is 0. */
  readonly relative: number | null;
  /** Of `relative`: each bound holds with confidence 1 - alpha. null for fewer than two bugs. */
  readonly interval: Interval | null;
  readonly p95: BudgetTail | null;
  readonly status: Status;
  readonly reasons: readonly Reason[];
  readonly seed: string;
  readonly resamples: number;
}

/** Below this many bugs a bootstrap of a ratio is not to be trusted in either direction. */
export const FEWEST_BUGS_FOR_BUDGET = 6;
/** The least n with 1 - 0.95^n > 0.95: from here on the 95th percentile has an upper 95% bound (Wilks 1941). */
export const FEWEST_BUGS_FOR_P95 = 59;

/**
 * Judges one budget by the ratio of means candidate / baseline with an interval by bootstrap over bugs: *pass* when the
 * upper 1 - alpha bound is within the limit, *fail* when the lower bound is beyond it, else *inconclusive*. From 59 bugs on
 * the same is asked of the ratio of 95th percentiles. Throws `CX-VERDICT-INPUT`/`CX-STATISTICS-INPUT` for bad rows.
 */
export function judgeBudget(query: BudgetQuery): Budget {
  const { metric, limit, seed, alpha = 0.05, resamples = DEFAULT_RESAMPLES, comparable = true } = query;
  const { tailLimit = limit } = query;
  for (const allowed of [limit, tailLimit]) {
    if (!(allowed > -1 && Number.isFinite(allowed)))
      throw outOfRange('limit', allowed, 'a finite number above -1');
  }
  const rows = orderedRows(query.rows, Number.MAX_VALUE);
  const scope = query.role === undefined ? `budget:${metric}` : `budget:${metric}:${query.role}`;
  const settings = { metric, limit, seed, resamples, bugs: rows.length };
  if (rows.length === 0) {
    const reasons: Reason[] = [{ code: 'no-bugs', status: 'inconclusive', scope, values: { metric, limit } }];
    return {
      ...settings,
      baseline: null,
      candidate: null,
      relative: null,
      interval: null,
      p95: null,
      status: 'inconclusive',
      reasons,
    };
  }
  const columns = columnsOf(rows);
  const baseline = mean(columns.baseline);
  const candidate = mean(columns.candidate);
  const options = { resamples, level: 1 - 2 * alpha };
  const interval =
    baseline === 0
      ? null
      : (bootstrapPaired(columns.baseline, columns.candidate, {
          ...options,
          random: createRandom(`${seed}/${scope}/mean`),
        })?.relative ?? null);
  const p95: BudgetTail = {
    probability: 0.95,
    gates: rows.length >= FEWEST_BUGS_FOR_P95,
    ...quantileRatio(
      { baseline: rows.map((row) => row.baseline), candidate: rows.map((row) => row.candidate) },
      0.95,
      { ...options, random: createRandom(`${seed}/${scope}/p95`) },
    ),
  };
  const relative = baseline > 0 ? candidate / baseline - 1 : null;
  const figures: Figures = { metric, limit, bugs: rows.length, baseline, candidate, interval };
  const reasons = comparable
    ? [meanReason(figures, scope), ...tailReasons(p95, metric, tailLimit, scope)]
    : [verdictOf('budget-not-comparable', 'inconclusive', figures, scope)];
  return { ...settings, baseline, candidate, relative, interval, p95, status: worst(reasons), reasons };
}

interface Figures {
  readonly metric: string;
  readonly limit: number;
  readonly bugs: number;
  readonly baseline: number;
  readonly candidate: number;
  readonly interval: Interval | null;
}

function meanReason(figures: Figures, scope: string): Reason {
  const { bugs, baseline, candidate, interval, limit } = figures;
  if (bugs < FEWEST_BUGS_FOR_BUDGET) return verdictOf('budget-too-few-bugs', 'inconclusive', figures, scope);
  if (baseline === 0) {
    // Any relative limit on nothing is nothing: held by a candidate that uses nothing too, exceeded by any other.
    return candidate === 0
      ? verdictOf('budget-held', 'pass', figures, scope)
      : verdictOf('budget-exceeded', 'fail', figures, scope);
  }
  if (interval !== null && interval.upper !== null && interval.upper <= limit + ROUNDING) {
    return verdictOf('budget-held', 'pass', figures, scope);
  }
  if (interval !== null && interval.lower > limit + ROUNDING) {
    return verdictOf('budget-exceeded', 'fail', figures, scope);
  }
  return verdictOf('budget-open', 'inconclusive', figures, scope);
}

/** A ratio such as 120 / 100 - 1 is not exactly 0.2 in binary. */
const ROUNDING = 1e-9;

function tailReasons(p95: BudgetTail, metric: string, limit: number, scope: string): Reason[] {
  if (!p95.gates || p95.interval === null) return [];
  const { lower, upper } = p95.interval;
  const values = { metric, limit, baseline: p95.baseline, candidate: p95.candidate, lower, upper };
  if (lower > limit + ROUNDING) return [{ code: 'budget-tail-exceeded', status: 'fail', scope, values }];
  if (upper !== null && upper <= limit + ROUNDING) return [];
  return [{ code: 'budget-tail-open', status: 'inconclusive', scope, values }];
}

function verdictOf(code: Reason['code'], status: Status, figures: Figures, scope: string): Reason {
  const { interval, ...values } = figures;
  return {
    code,
    status,
    scope,
    values: { ...values, lower: interval?.lower ?? null, upper: interval?.upper ?? null },
  };
}

function worst(reasons: readonly Reason[]): Status {
  if (reasons.some((reason) => reason.status === 'fail')) return 'fail';
  return reasons.some((reason) => reason.status === 'inconclusive') ? 'inconclusive' : 'pass';
}
