import type { ErrorCode } from './error-codes.ts';
import type { Place } from './errors.ts';

/** One thing that keeps a seeded bug from being proven. JSON-safe. */
export interface BugFinding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place | null;
  /** What to do about it; null where the message says it. */
  readonly hint: string | null;
}

/** What `bugs verify` says of one seeded bug. JSON-safe; the same bug always gives the same row. */
export interface BugProof {
  /** `<role>/<id>`. */
  readonly bug: string;
  readonly proven: boolean;
  /** What was shown, or what is wrong. */
  readonly detail: string;
  /** Figures of the prover: hidden tests, how many of them fail on the bug, runs of each. */
  readonly counts: Readonly<Record<string, number>>;
  /** Recordings and requests that were searched for the fix and the hidden tests; 0 before the first recording. */
  readonly prompts: { readonly recordings: number; readonly requests: number };
  readonly findings: readonly BugFinding[];
}
