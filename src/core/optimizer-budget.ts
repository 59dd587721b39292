import type { AlertSettings } from './alert-settings.ts';

/** What a run of an optimizer is limited in. */
export const RUN_CAPS = ['calls', 'inputTokens', 'outputTokens', 'cost', 'seconds', 'metricCalls'] as const;

/**
 * `calls`, `inputTokens` and `outputTokens` are of the LM, reflection included; `cost` is in the currency of the price
 * table; `seconds` are wall-clock; `metricCalls` are candidates' answers that were scored.
 */
export type RunCap = (typeof RUN_CAPS)[number];

/** A limit, and the amount from which on a warning is given; both in the unit of what is limited. */
export interface Cap {
  readonly hard: number;
  /** Less than `hard`. */
  readonly warn: number;
}

/** Caps of one run of an optimizer; null where something is not limited. */
export type RunCaps = Readonly<Record<RunCap, Cap | null>>;

/** What the optimized pipeline may use more than the baseline, relative: 0.2 is +20 %. */
export interface GrowthCaps {
  readonly mean: Cap;
  /** Of the 95th percentile over runs. */
  readonly p95: Cap;
}

/** `stop` refuses further LM calls, `keep-best` saves the best candidate so far, `alert` tells people. */
export const VIOLATION_ACTIONS = ['stop', 'keep-best', 'alert'] as const;
export type ViolationAction = (typeof VIOLATION_ACTIONS)[number];

/** Price of a million tokens, in the currency of the table. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** What models cost, by the name that requests give. */
export interface PriceTable {
  /** ISO 4217. */
  readonly currency: string;
  readonly models: Readonly<Record<string, Price>>;
}

/** What one role's optimizer and optimized pipeline may use. */
export interface RoleBudget {
  readonly role: string;
  readonly run: RunCaps;
  readonly pipeline: { readonly latency: GrowthCaps; readonly tokens: GrowthCaps };
  readonly onViolation: readonly ViolationAction[];
  /** Output tokens that are set aside for a request that names no limit of its own. */
  readonly outputTokensWithoutLimit: number;
  readonly prices: PriceTable;
  readonly alerts: AlertSettings;
}
