import type { BudgetEvent, LedgerEntry, Spender } from './ledger-entry.ts';

/** A violation as a journal holds it. */
export interface RecordedViolation {
  /** In the order of the journal, from 0. */
  readonly number: number;
  readonly event: BudgetEvent;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Whether it stopped what was running, or the caps were only watched. */
  readonly enforced: boolean;
  /** The process that brought it about. */
  readonly by: Spender;
  /** Who has taken on to check it; null where nobody has. */
  readonly check: { readonly s: string; readonly by: Spender } | null;
  /** Whether that has come to its end. */
  readonly told: boolean;
}

/** The violations of a journal: which were checked, and which still are to be. */
export class RecordedViolations {
  readonly #all: RecordedViolation[] = [];

  get all(): readonly RecordedViolation[] {
    return this.#all;
  }

  add(violation: Pick<RecordedViolation, 'event' | 'atMs' | 'enforced' | 'by'>): void {
    this.#all.push({ number: this.#all.length, ...violation, check: null, told: false });
  }

  apply(entry: Extract<LedgerEntry, { k: 'check' | 'told' }>): void {
    const violation = this.#all[entry.v];
    if (violation === undefined) return;
    if (entry.k === 'told') this.#all[entry.v] = { ...violation, told: true };
    // It is checked once: who comes second has come too late.
    else if (violation.check === null)
      this.#all[entry.v] = { ...violation, check: { s: entry.s, by: entry.by } };
  }
}
