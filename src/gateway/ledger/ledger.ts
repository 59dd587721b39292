import { randomBytes } from 'node:crypto';
import { ConstitutionError } from '../../core/errors.ts';
import type { RunCap, RunCaps } from '../../core/optimizer-budget.ts';
import { type Amounts, ONE_METRIC_CALL } from '../../core/spending/amounts.ts';
import type { AskOutcome, BudgetEvent, LedgerEntry } from '../../core/spending/ledger-entry.ts';
import { LedgerState } from '../../core/spending/ledger-state.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import { Journal } from './journal.ts';
import { budgetSpent, ledgerBroken } from './refusal.ts';
import { isAlive, ownSpender } from './spender.ts';

/** How often the time is written down, and others are looked after, when nothing else happens. */
const ALIVE_MS = 1_000;

export interface LedgerOptions {
  /** Absolute path of the journal. */
  readonly file: string;
  readonly caps: RunCaps;
  /** False: caps are watched, and nothing is refused. */
  readonly enforced: boolean;
  /** Told of every warning and violation once, by the process that brought it about. */
  readonly onEvent?: (event: BudgetEvent) => void;
  /** Told of the same violations, before `onEvent`, as the journal holds them. */
  readonly onViolation?: (violation: RecordedViolation) => void;
  /** Milliseconds, never going back. */
  readonly now?: () => number;
}

/** What was set aside in a ledger for one call. */
export interface LedgerReservation {
  /** Called once. `estimated`: the endpoint did not say it. */
  settle(used: Amounts, estimated: boolean): void;
}

/** One optimization's money, shared by all of its runs and processes, and kept in a journal. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #journal: Journal;
  readonly #state = new LedgerState();
  readonly #session = randomBytes(8).toString('hex');
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #outcomes = new Map<number, AskOutcome>();
  readonly #timer: NodeJS.Timeout;
  /** Entries that the disk did not take. */
  #unwritten: LedgerEntry[] = [];
  #waiting: (() => void)[] = [];
  #next = 0;
  #closed = false;

  /**
   * Opens a ledger, and counts what processes that ended meanwhile had set aside as used.
   *
   * @throws ConstitutionError CX-BUDGET-LEDGER where the journal cannot be read or written
   */
  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#startedMs = this.#now();
    this.#journal = this.#guarded(() => new Journal(options.file));
    this.#buryDead();
    const { caps, enforced } = options;
    const at = new Date().toISOString();
    this.#write({ k: 'open', ...this.#stamp(), at, by: ownSpender(), caps, enforced });
    this.#timer = setInterval(() => this.#beat(), ALIVE_MS).unref();
  }

  /** What is spent, by this process and others, as far as it was read. */
  get state(): Readonly<LedgerState> {
    return this.#state;
  }

  /** Lines of the journal that cannot be read, and count for nothing. */
  get damaged(): number {
    return this.#journal.damaged;
  }

  /**
   * Sets an amount aside, once it fits beside the calls that are under way.
   *
   * @param signal ends the wait
   * @throws ConstitutionError CX-BUDGET-SPENT where it is over a cap, CX-BUDGET-LEDGER, CX-RUN-CANCELLED
   */
  async reserve(of: Amounts, run: string, signal?: AbortSignal): Promise<LedgerReservation> {
    for (;;) {
      if (signal?.aborted) throw new ConstitutionError('CX-RUN-CANCELLED', 'the run has ended');
      const outcome = this.#ask(of, run);
      if (outcome.kind === 'granted') return outcome.reservation;
      if (outcome.kind === 'refused') throw budgetSpent(outcome.cap, this.#state, of);
      await this.#settled(signal);
    }
  }

  /** Counts one answer of a candidate that is about to be scored. Throws as {@link reserve} does. */
  async metricCall(run: string, signal?: AbortSignal): Promise<void> {
    (await this.reserve(ONE_METRIC_CALL, run, signal)).settle(ONE_METRIC_CALL, false);
  }

  /** Ends the session: what it still had set aside counts as used. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    try {
      this.#write({ k: 'end', ...this.#stamp() });
    } finally {
      this.#wake();
      this.#journal.close();
    }
  }

  #ask(
    of: Amounts,
    run: string,
  ):
    | { kind: 'granted'; reservation: LedgerReservation }
    | { kind: 'wait' }
    | { kind: 'refused'; cap: RunCap } {
    this.#read();
    // Only what has a chance is written down: who waits would fill the journal.
    if (this.#state.outlook(of).kind === 'wait') return { kind: 'wait' };
    const n = this.#next++;
    this.#write({ k: 'ask', ...this.#stamp(), n, of, run });
    const outcome = this.#outcomes.get(n);
    this.#outcomes.delete(n);
    if (outcome === undefined)
      throw ledgerBroken(this.#options.file, 'the journal does not hold what was written to it');
    return outcome.kind === 'granted' ? { kind: 'granted', reservation: this.#reservation(n) } : outcome;
  }

  #reservation(n: number): LedgerReservation {
    return {
      settle: (of, estimated) => {
        if (this.#closed) return;
        const entry: LedgerEntry = {
          k: 'used',
          ...this.#stamp(),
          n,
          of,
          ...(estimated ? { estimated: true } : {}),
        };
        try {
          this.#write(entry);
        } catch {
          // Set aside it stays, in full; it is written before anything else is granted.
          this.#unwritten.push(entry);
        }
        this.#wake();
      },
    };
  }

  /** Resolves when a call has ended here, when time has passed (others' calls end as well), or on the signal. */
  async #settled(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        signal?.removeEventListener('abort', end);
        resolve();
      };
      this.#waiting.push(end);
      signal?.addEventListener('abort', end);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #beat(): void {
    try {
      this.#write({ k: 'alive', ...this.#stamp() });
      if (this.#waiting.length > 0) this.#buryDead();
    } catch {
      // the next call is told
    }
    this.#wake();
  }

  #buryDead(): void {
    this.#read();
    for (const [name, by] of this.#state.living()) {
      if (name !== this.#session && !isAlive(by)) this.#write({ k: 'end', s: name, ms: 0, dead: true });
    }
  }

  #write(entry: LedgerEntry): void {
    this.#guarded(() => {
      for (let late = this.#unwritten[0]; late !== undefined; late = this.#unwritten[0]) {
        this.#journal.append(late);
        this.#unwritten.shift();
      }
      this.#journal.append(entry);
    });
    this.#read();
  }

  #read(): void {
    for (const entry of this.#guarded(() => this.#journal.read()) as LedgerEntry[]) {
      const violations = this.#state.violations.length;
      const { outcome, events } = this.#state.apply(entry);
      if (entry.s !== this.#session) continue;
      if (entry.k === 'ask' && outcome !== null) this.#outcomes.set(entry.n, outcome);
      for (const violation of this.#state.violations.slice(violations))
        this.#options.onViolation?.(violation);
      for (const event of events) this.#options.onEvent?.(event);
    }
  }

  #stamp() {
    return { s: this.#session, ms: Math.round(this.#now() - this.#startedMs) };
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      throw ledgerBroken(this.#options.file, cause);
    }
  }
}
