import type { RunCap, RunCaps } from '../optimizer-budget.ts';
import type { Amounts } from './amounts.ts';

/** A process that spends from a ledger. */
export interface Spender {
  readonly pid: number;
  /** What tells it from a later process of the same number; null where the system does not say. */
  readonly startedAt: string | null;
}

interface OfSession {
  /** Name of the session: one process's time with the ledger. */
  readonly s: string;
  /** Milliseconds since the session began. */
  readonly ms: number;
}

/**
 * One line of a ledger's journal. Whoever reads the lines in their order comes to the same state, so that several
 * processes share a ledger without a lock: what counts is not when one asks, but where its line stands.
 *
 * - `open`: a session begins. Its caps hold for all from here on, and what was stopped may go on.
 * - `ask`: an amount is to be set aside for a call; whether it is, the lines before decide.
 * - `used`: the call has ended, and used so much. `estimated`: the endpoint did not say how much.
 * - `alive`: nothing but the time. `end`: the session is over; what it had set aside is used up.
 * - `check`: whoever `s` names takes it on to check violation `v` (counted from 0, in the order of the lines that brought
 *   them about); the first such line counts. `told`: it is checked, and who is to know of it was told. Neither needs an
 *   open session.
 */
export type LedgerEntry =
  | (OfSession & {
      readonly k: 'open';
      readonly at: string;
      readonly by: Spender;
      readonly caps: RunCaps;
      /** False: caps are watched, and nothing is refused. */
      readonly enforced: boolean;
    })
  | (OfSession & { readonly k: 'ask'; readonly n: number; readonly of: Amounts; readonly run: string })
  | (OfSession & {
      readonly k: 'used';
      readonly n: number;
      readonly of: Amounts;
      readonly estimated?: true;
    })
  | (OfSession & { readonly k: 'alive' })
  | (OfSession & { readonly k: 'end'; readonly dead?: true })
  | (OfSession & { readonly k: 'check'; readonly v: number; readonly by: Spender })
  | (OfSession & { readonly k: 'told'; readonly v: number });

/** What became of an `ask`. `wait`: it may fit once calls that are under way have ended. */
export type AskOutcome =
  | { readonly kind: 'granted' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'refused'; readonly cap: RunCap };

/** A cap that was reached, told once; `cost` is in the currency, `seconds` in seconds. */
export interface BudgetEvent {
  /** `warning`: the soft cap. `violation`: the hard one. */
  readonly kind: 'warning' | 'violation';
  readonly cap: RunCap;
  readonly spent: number;
  /** What the call that was refused might have added; 0 where the cap was passed already. */
  readonly asked: number;
  readonly limit: number;
  /** Part of `spent` that endpoints did not report. */
  readonly estimated: number;
}
