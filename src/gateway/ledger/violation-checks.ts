import { randomBytes } from 'node:crypto';
import type { LedgerEntry } from '../../core/spending/ledger-entry.ts';
import { LedgerState } from '../../core/spending/ledger-state.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import { Journal } from './journal.ts';
import { ledgerBroken } from './refusal.ts';
import { isAlive, ownSpender } from './spender.ts';

/**
 * Who checks the violations that a journal holds: each at most once, whatever process brought it about, and however that
 * ended. Opens no session: nothing can be spent by it.
 */
export class ViolationChecks {
  readonly #journal: Journal;
  readonly #state = new LedgerState();
  readonly #name = randomBytes(8).toString('hex');

  /** @throws ConstitutionError CX-BUDGET-LEDGER where the journal cannot be read or written, as other methods */
  constructor(file: string) {
    this.#journal = guarded(file, () => new Journal(file));
  }

  /** Violations that nobody will tell of: whoever was to has ended, before the check (`check` is null) or during it. */
  left(): RecordedViolation[] {
    this.#read();
    return this.#state.violations.filter(({ told, check, by }) => !told && !isAlive((check ?? { by }).by));
  }

  /** Takes the check of a violation on. False where another one has: who asks first is who checks. */
  begin({ number }: Pick<RecordedViolation, 'number'>): boolean {
    // A line that another process was cut off in would spoil the next one.
    this.#read();
    this.#write({ k: 'check', s: this.#name, ms: 0, v: number, by: ownSpender() });
    return this.#state.violations[number]?.check?.s === this.#name;
  }

  /** It is checked, and who is to know of it was told. */
  end({ number }: Pick<RecordedViolation, 'number'>): void {
    this.#write({ k: 'told', s: this.#name, ms: 0, v: number });
  }

  close(): void {
    try {
      this.#journal.close();
    } catch {
      // A disk that does not write through has taken the lines; a power failure may lose them.
    }
  }

  #write(entry: LedgerEntry): void {
    guarded(this.#journal.file, () => this.#journal.append(entry));
    this.#read();
  }

  #read(): void {
    const entries = guarded(this.#journal.file, () => this.#journal.read());
    for (const entry of entries as LedgerEntry[]) this.#state.apply(entry);
  }
}

function guarded<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw ledgerBroken(file, cause);
  }
}
