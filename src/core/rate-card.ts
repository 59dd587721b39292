import type { TokenCount } from './lm-exchange.ts';

/**
 * How fast a model is, as `lm calibrate` measured it once. Budgets on LM time use it in place of recorded wall
 * time, which drifts with the machine.
 */
export interface RateCard {
  readonly format: 1;
  readonly model: { readonly id: string; readonly sha256: string | null };
  /** What the times are: CPU time of the server's process, or wall time of the request. */
  readonly clock: 'cpu' | 'wall';
  /** What a call costs beside its tokens, in milliseconds. */
  readonly overheadMs: number;
  readonly inputTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** Requests the fit is made from. */
  readonly samples: number;
  /** Median over the requests of |modelled - measured| / measured. */
  readonly residual: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Modelled time of one call, in milliseconds. */
export function modelledCallMs(card: RateCard, tokens: TokenCount): number {
  return (
    card.overheadMs +
    (1000 * tokens.input) / card.inputTokensPerSecond +
    (1000 * tokens.output) / card.outputTokensPerSecond
  );
}

/** A call as it was recorded, and what it counts for. */
export interface TimedCall {
  /** Start and duration as recorded, in milliseconds: they say which calls ran side by side. */
  readonly startMs: number;
  readonly latencyMs: number;
  /** Time the call counts for on the path, e.g. from `modelledCallMs`. */
  readonly weightMs: number;
}

/**
 * The largest sum of weights along a chain of calls in which each started when or after the one before it had
 * ended: what a run waits for, however many calls it makes side by side. 0 without calls. O(n log n).
 */
export function criticalPathMs(calls: readonly TimedCall[]): number {
  const started = [...calls]
    .sort((a, b) => a.startMs - b.startMs || a.latencyMs - b.latencyMs)
    .map((call, order) => ({ ...call, order, endMs: call.startMs + call.latencyMs, pathMs: 0 }));
  const ended = [...started].sort((a, b) => a.endMs - b.endMs || a.order - b.order);
  let longestEnded = 0;
  let longest = 0;
  let next = 0;
  for (const call of started) {
    // A call that had ended by now started earlier, so its own path is known. (Calls without duration that start
    // at this very moment follow one another in their order.)
    for (let past = ended[next]; past !== undefined; past = ended[++next]) {
      if (past.endMs > call.startMs || past.order >= call.order) break;
      longestEnded = Math.max(longestEnded, past.pathMs);
    }
    call.pathMs = longestEnded + call.weightMs;
    longest = Math.max(longest, call.pathMs);
  }
  return longest;
}
