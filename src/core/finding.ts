import type { Json } from './json.ts';

export type Severity = 'block' | 'warn';

/** The test a finding belongs to. */
export interface TestIdentity {
  /** Full name: describe blocks and test, joined by ` > `. */
  readonly name: string;
  /** Path relative to the root, `/` as separator. */
  readonly file: string;
  readonly project: string;
}

/** What a check returns: typed data. Sentences are made from it in `report`. */
export interface CheckResult {
  /** Stable code, e.g. `CX-BUDGET-TOKENS`. */
  readonly code: string;
  /** What was measured, what is allowed, what it concerns. */
  readonly values: Readonly<Record<string, Json>>;
}

/** A broken article in one test. JSON-safe: it travels in `task.meta`. */
export interface Finding extends CheckResult {
  readonly article: string;
  readonly check: string;
  readonly severity: Severity;
  readonly test: TestIdentity;
}
