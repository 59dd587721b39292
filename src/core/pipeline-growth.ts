import type { GrowthCaps } from './optimizer-budget.ts';
import type { Interval } from './statistics/summary.ts';
import { judgeBudget } from './verdict/budget.ts';
import type { PairedRow } from './verdict/paired-row.ts';
import type { Status } from './verdict/reason.ts';

/** What an optimized pipeline uses more than the pipeline as it was; increases are relative, 0.2 is +20 %. */
export interface PipelineGrowth {
  readonly bugs: number;
  /** Of the mean over bugs, with its interval; null where the pipeline as it was used nothing. */
  readonly mean: {
    readonly growth: number | null;
    readonly interval: Interval | null;
    readonly hard: number;
  };
  /** Of the 95th percentile over runs. */
  readonly p95: { readonly growth: number | null; readonly hard: number };
  /** `pass`: held for certain. `fail`: exceeded for certain. */
  readonly status: Status;
  /** Whether what was seen is beyond a soft limit. */
  readonly warned: boolean;
}

/** Holds what both used of one thing against the caps on it. Throws `CX-VERDICT-INPUT` for rows that are no figures. */
export function judgeGrowth(
  metric: string,
  rows: readonly PairedRow[],
  caps: GrowthCaps,
  seed: string,
): PipelineGrowth {
  const limits = { limit: caps.mean.hard, tailLimit: caps.p95.hard };
  const { bugs, relative, interval, p95, status } = judgeBudget({ metric, ...limits, rows, seed });
  const tail = p95?.relative ?? null;
  return {
    bugs,
    mean: { growth: relative, interval, hard: caps.mean.hard },
    p95: { growth: tail, hard: caps.p95.hard },
    status,
    warned: (relative ?? 0) > caps.mean.warn || (tail ?? 0) > caps.p95.warn,
  };
}
