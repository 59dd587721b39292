import type { JsonObject } from '../core/json.ts';
import type { RunIdentity, TokenCount } from '../core/lm-exchange.ts';

/** A call that is about to be answered, replayed or not. */
export interface CallIntent {
  readonly run: RunIdentity;
  readonly path: string;
  readonly request: JsonObject;
  /** What the worker says the call belongs to: one of many runs that share a token, as an optimizer's do. */
  readonly rollout?: string;
  /** Aborted when the run is closed. */
  readonly signal: AbortSignal;
}

/**
 * What a call came to. `reported` by the endpoint; `estimated`, where it said nothing or what cannot be; `none`: it was
 * refused, or never arrived; `unknown`: the connection broke, and the endpoint may have gone on working.
 */
export type CallUsage =
  | { readonly kind: 'reported' | 'estimated'; readonly tokens: TokenCount }
  /** `status` of the answer; 0 where none came. */
  | { readonly kind: 'none'; readonly tokens: null; readonly status: number }
  | { readonly kind: 'unknown'; readonly tokens: null };

/** What was set aside for one call. */
export interface Reservation {
  /** Called once, when the call has ended. */
  settle(usage: CallUsage): void;
}

/** Where a limit on tokens or calls is enforced: the gateway asks before every call and accounts after it. */
export interface CallBudget {
  /**
   * @throws ConstitutionError to refuse the call; the client gets its code and message, as a status 402 where it is one
   *   of a budget (CX-BUDGET-...), else 400.
   */
  reserve(call: CallIntent): Reservation | Promise<Reservation>;
  /** Counts one answer that is about to be scored. Throws as {@link reserve} does. */
  metricCall(run: RunIdentity, signal: AbortSignal): Promise<void>;
}

/** No limit. */
export const unlimited: CallBudget = {
  reserve: () => ({ settle: () => undefined }),
  metricCall: async () => undefined,
};
