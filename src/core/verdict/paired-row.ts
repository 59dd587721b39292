import { ConstitutionError } from '../errors.ts';
import { requireValues } from '../statistics/require.ts';
import { mean } from '../statistics/summary.ts';

/** What both arms made of, or used for, one seeded bug: one figure a repeat. */
export interface PairedRow {
  readonly role: string;
  readonly bug: string;
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

/** A row of outcomes, each in 0..1 (1 = repaired). */
export type OutcomeRow = PairedRow;

/** `<role>/<bug>`: unique over a verdict's rows. */
export function bugKey(row: { readonly role: string; readonly bug: string }): string {
  return `${row.role}/${row.bug}`;
}

/** Rows as columns: the mean of each bug in each arm. */
export interface Columns {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
}

/** Means over the repeats of each bug. */
export function columnsOf(rows: readonly PairedRow[]): Columns {
  return {
    baseline: Float64Array.from(rows, (row) => mean(row.baseline)),
    candidate: Float64Array.from(rows, (row) => mean(row.candidate)),
  };
}

/** Fewest and most repeats over all bugs and arms; null without rows. */
export function repeatRange(
  rows: readonly PairedRow[],
): { readonly least: number; readonly most: number } | null {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { baseline, candidate } of rows) {
    least = Math.min(least, baseline.length, candidate.length);
    most = Math.max(most, baseline.length, candidate.length);
  }
  return rows.length === 0 ? null : { least, most };
}

/**
 * Checks rows and puts them in the order of their keys, so that a verdict does not depend on the order in which
 * runs ended. Every figure must lie in 0..`highest`. Throws `CX-VERDICT-INPUT` for a bug named twice or an arm without
 * repeats, `CX-STATISTICS-INPUT` for a figure out of range.
 */
export function orderedRows(rows: readonly PairedRow[], highest: number): PairedRow[] {
  const byKey = new Map<string, PairedRow>();
  for (const row of rows) {
    const key = bugKey(row);
    if (byKey.has(key)) {
      throw new ConstitutionError('CX-VERDICT-INPUT', `bug ${key} occurs twice`, {
        hint: 'Give each bug of a role its own id, and all its repeats in one row.',
        details: { bug: key },
      });
    }
    for (const arm of ['baseline', 'candidate'] as const) {
      if (row[arm].length === 0) {
        throw new ConstitutionError('CX-VERDICT-INPUT', `bug ${key} has no run of the ${arm}`, {
          hint: 'Leave a bug without both arms out of the rows and report it as incomplete.',
          details: { bug: key, arm },
        });
      }
      requireValues(`${arm} of ${key}`, row[arm], 0, highest);
    }
    byKey.set(key, row);
  }
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as PairedRow);
}
