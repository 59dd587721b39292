/**
 * What can be made to go wrong with an LM call: the status 429 or 500, a connection that ends without an answer, an answer
 * that breaks off in the middle, an answer that is not JSON.
 */
export const FAULT_KINDS = ['rate-limit', 'server-error', 'timeout', 'truncated', 'malformed'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that the gateway puts in the place of an answer. */
export interface PlannedFault {
  /** 0-based number of the LM request of the run that meets it. */
  readonly call: number;
  readonly kind: FaultKind;
}

/** A fault that happened, and what came after it. */
export interface InjectedFault extends PlannedFault {
  /** Milliseconds until the next call that was answered well; null where none was. */
  readonly recoveredMs: number | null;
}
