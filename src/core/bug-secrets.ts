/** What no prompt of a seeded bug may hold, and what it may. */
export interface BugSecrets {
  /** The function's name; null for a bug that is no function. */
  readonly entry: string | null;
  /** The program with its bug, and the fix; null for a bug that is no program. */
  readonly code: { readonly buggy: string; readonly fixed: string } | null;
  /** Calls of the hidden tests. */
  readonly hiddenCalls: readonly string[];
  /** The right plan of a Planner bug; empty for others. */
  readonly plan: readonly string[];
  /** Every text that pipelines are told: code and example calls, or brief, tasks and stale plan. */
  readonly visible: readonly string[];
}
