import type { Finding, WaivedFinding } from '../finding.ts';
import type { OptimizerName } from '../optimizers.ts';
import type { BudgetEvent } from './ledger-entry.ts';

/** What the articles say of the runs that a violated budget ended, or that were made last where it ends none. */
export interface ViolationCheck {
  /** Ids of the articles that had something to check. */
  readonly articles: readonly string[];
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** Runs of the pipeline that were judged. */
  readonly runs: number;
  /** Milliseconds that the check took, reading the articles and the runs included. */
  readonly ms: number;
  /** Why it could not be made; null where it was. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What became of one alert. */
export interface AlertDelivery {
  readonly channel: 'webhook' | 'opentelemetry';
  /** Origin of the address: the rest of it may be a secret. */
  readonly to: string;
  readonly delivered: boolean;
  readonly attempts: number;
  readonly ms: number;
  /** Of the last attempt; null where it was delivered. */
  readonly error: string | null;
}

/** A hard cap that was reached, and what was done about it. */
export interface BudgetViolation extends BudgetEvent {
  readonly kind: 'violation';
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Milliseconds from the violation until the optimizer had ended; null where it was not to be stopped. */
  readonly stoppedAfterMs: number | null;
  readonly check: ViolationCheck;
  readonly alerts: readonly AlertDelivery[];
  /** Of an earlier optimization of the role, by this optimizer: its process was killed before it could have it checked. */
  readonly leftOver?: OptimizerName;
}

/** What people are told of a violation. JSON-safe; no secrets, no texts of prompts or answers. */
export interface BudgetAlert extends Omit<BudgetViolation, 'check' | 'alerts' | 'leftOver'> {
  readonly format: 1;
  /** Names the violation: the same in every attempt to tell of it. */
  readonly id: string;
  readonly role: string;
  /** Whether the optimizer was stopped, or the cap is only watched. */
  readonly stopped: boolean;
  readonly currency: string;
  readonly articles: readonly string[];
  /** One sentence each. */
  readonly findings: readonly { readonly article: string; readonly code: string; readonly summary: string }[];
}
