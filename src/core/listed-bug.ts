import type { ErrorCode } from './error-codes.ts';
import type { Place } from './errors.ts';
import type { SeededBug } from './seeded-bug.ts';

/** How often each environment's pipeline repairs a bug. */
export interface BugRates {
  /** The file that the rates were read from, relative to the root, and when it was made (ISO 8601). */
  readonly source: string;
  readonly at: string;
  /** Mean outcome (0..1) by environment. */
  readonly byEnvironment: Readonly<Record<string, number>>;
  /**
   * Whether the bug tells the arms apart: not where both always repair it (`all-won`) or never do (`all-lost`); null
   * where only one arm is known.
   */
  readonly tells: 'apart' | 'all-won' | 'all-lost' | null;
}

/** A row of `bugs list`: the bug, or what is wrong with its folder. */
export interface ListedBug {
  /** `<role>/<id>`. */
  readonly key: string;
  readonly bug: SeededBug | null;
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly place: Place | null;
  } | null;
  /** null where no run of it is known. */
  readonly rates: BugRates | null;
}
