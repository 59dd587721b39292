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

/** A broken article. JSON-safe: it travels in `task.meta`. */
export interface Finding extends CheckResult {
  readonly article: string;
  /** Name of the check; `expect` for a predicate, `waiver` and `article` for what is wrong with the article itself. */
  readonly check: string;
  readonly severity: Severity;
  /** The test that broke it; null for what concerns the suite as a whole. */
  readonly test: TestIdentity | null;
  /** Where to look, 1-based, relative to the root; null where that is not known. */
  readonly place: { readonly file: string; readonly line: number } | null;
}

/** A finding that a waiver sets aside. */
export interface WaivedFinding extends Finding {
  readonly waiver: { readonly test: string; readonly reason: string; readonly until: string };
}
