import type { TokenCount } from '../lm-exchange.ts';
import type { Price, RunCap } from '../optimizer-budget.ts';

/** What is counted of a run by amounts; its time is counted by the clock. */
export type CountedCap = Exclude<RunCap, 'seconds'>;

export const COUNTED_CAPS: readonly CountedCap[] = [
  'calls',
  'inputTokens',
  'outputTokens',
  'cost',
  'metricCalls',
];

/** The cost of something is a whole number of these: sums of money must not drift. */
export const UNITS_OF_CURRENCY = 1_000_000;

/** Whole numbers, `cost` in millionths of the currency: null where the model has no price. */
export interface Amounts {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
  readonly metricCalls: number;
}

export const NOTHING: Amounts = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, metricCalls: 0 };

/** One answer of a candidate that is scored. */
export const ONE_METRIC_CALL: Amounts = { ...NOTHING, metricCalls: 1 };

/** The least that goes with one answer of a candidate. */
export const ONE_ANSWER: Amounts = { calls: 1, inputTokens: 1, outputTokens: 1, cost: 0, metricCalls: 1 };

/** Sum of both, or with `sign` -1 their difference. A cost that is unknown makes the sum unknown. */
export function sum(a: Amounts, b: Amounts, sign: 1 | -1 = 1): Amounts {
  return {
    calls: a.calls + sign * b.calls,
    inputTokens: a.inputTokens + sign * b.inputTokens,
    outputTokens: a.outputTokens + sign * b.outputTokens,
    cost: a.cost === null || b.cost === null ? null : a.cost + sign * b.cost,
    metricCalls: a.metricCalls + sign * b.metricCalls,
  };
}

/** What one LM call of that many tokens amounts to; its cost is rounded up. */
export function amountsOfCall(tokens: TokenCount, price: Price | undefined): Amounts {
  const cost =
    price === undefined
      ? null
      : Math.ceil(
          ((tokens.input * price.inputPerMillion + tokens.output * price.outputPerMillion) *
            UNITS_OF_CURRENCY) /
            1_000_000,
        );
  return { calls: 1, inputTokens: tokens.input, outputTokens: tokens.output, cost, metricCalls: 0 };
}
