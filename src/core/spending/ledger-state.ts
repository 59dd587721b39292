import { RUN_CAPS, type RunCap, type RunCaps } from '../optimizer-budget.ts';
import { type Amounts, COUNTED_CAPS, NOTHING, sum, UNITS_OF_CURRENCY } from './amounts.ts';
import type { AskOutcome, BudgetEvent, LedgerEntry, Spender } from './ledger-entry.ts';
import { type RecordedViolation, RecordedViolations } from './recorded-violation.ts';

interface Session {
  readonly by: Spender;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  ms: number;
  ended: boolean;
  readonly open: Map<number, Amounts>;
}

/** What an entry brought about. */
export interface Applied {
  /** Of an `ask`; null for other entries. */
  readonly outcome: AskOutcome | null;
  readonly events: readonly BudgetEvent[];
}

/** What a ledger holds: the fold of its entries, in their order. Deterministic: no clock, no randomness. */
export class LedgerState {
  #caps: RunCaps | null = null;
  #enforced = true;
  #used: Amounts = NOTHING;
  #estimated: Amounts = NOTHING;
  #reserved: Amounts = NOTHING;
  /** Of calls with a price, in millionths of the currency: what an unknown cost comes to cannot be held against a cap. */
  #knownCost = 0;
  #unpricedCalls = 0;
  #refused = 0;
  #stoppedBy: RunCap | null = null;
  readonly #sessions = new Map<string, Session>();
  readonly #warned = new Set<RunCap>();
  readonly #violated = new Set<RunCap>();
  readonly #violations = new RecordedViolations();

  get used(): Amounts {
    return this.#used;
  }

  /** Part of {@link used} that endpoints did not report. */
  get estimated(): Amounts {
    return this.#estimated;
  }

  /** Set aside for calls that are under way. */
  get reserved(): Amounts {
    return this.#reserved;
  }

  /** Calls whose model has no price. */
  get unpricedCalls(): number {
    return this.#unpricedCalls;
  }

  /** Spent of a cap, in its unit. Of the cost, the part that is known. */
  spent(cap: RunCap): number {
    if (cap === 'seconds') return this.seconds;
    return cap === 'cost' ? this.#knownCost / UNITS_OF_CURRENCY : amountOf(this.#used, cap);
  }

  /** Wall-clock time of all sessions together. */
  get seconds(): number {
    return [...this.#sessions.values()].reduce((total, { ms }) => total + ms, 0) / 1000;
  }

  get refused(): number {
    return this.#refused;
  }

  /** The cap that ended the run; null while calls are granted. */
  get stoppedBy(): RunCap | null {
    return this.#stoppedBy;
  }

  get caps(): RunCaps | null {
    return this.#caps;
  }

  /** Every violation there was, in their order. */
  get violations(): readonly RecordedViolation[] {
    return this.#violations.all;
  }

  /** Sessions that have not ended, by name. */
  living(): ReadonlyMap<string, Spender> {
    const living = [...this.#sessions].filter(([, { ended }]) => !ended);
    return new Map(living.map(([name, { by }]) => [name, by]));
  }

  /** What an `ask` would come to if its line were the next. */
  outlook(of: Amounts): AskOutcome {
    if (!this.#enforced) return { kind: 'granted' };
    if (this.#stoppedBy !== null) return { kind: 'refused', cap: this.#stoppedBy };
    const cap = RUN_CAPS.find((name) => this.#exceeds(name, amountOf(of, name), false));
    if (cap !== undefined) return { kind: 'refused', cap };
    const crowded = COUNTED_CAPS.some((name) => this.#exceeds(name, amountOf(of, name), true));
    return { kind: crowded ? 'wait' : 'granted' };
  }

  apply(entry: LedgerEntry): Applied {
    if (entry.k === 'open') {
      return { outcome: null, events: this.#events(this.#open(entry), NOTHING) };
    }
    if (entry.k === 'check' || entry.k === 'told') {
      this.#violations.apply(entry);
      return { outcome: null, events: [] };
    }
    const session = this.#sessions.get(entry.s);
    // An entry of a session that was never opened, or was declared dead, is no one's.
    if (session === undefined || session.ended) return { outcome: null, events: [] };
    session.ms = Math.max(session.ms, entry.ms);
    if (entry.k === 'ask') return this.#ask(session, entry.n, entry.of);
    if (entry.k === 'used') this.#settle(session, entry.n, entry.of, entry.estimated === true);
    if (entry.k === 'end') {
      session.ended = true;
      // Nobody knows what these calls came to: they may have been paid for.
      for (const [n, of] of [...session.open]) this.#settle(session, n, of, true);
    }
    return { outcome: null, events: this.#events(session, NOTHING) };
  }

  #open(entry: Extract<LedgerEntry, { k: 'open' }>): Session {
    const { s, by, ms } = entry;
    const session: Session = { by, startMs: Date.parse(entry.at), ms, ended: false, open: new Map() };
    this.#sessions.set(s, session);
    this.#caps = entry.caps;
    this.#enforced = entry.enforced;
    this.#stoppedBy = null;
    for (const cap of RUN_CAPS) {
      const limits = entry.caps[cap];
      const spent = this.spent(cap);
      if (limits === null || spent < limits.warn) this.#warned.delete(cap);
      if (limits === null || spent < limits.hard) this.#violated.delete(cap);
    }
    return session;
  }

  #ask(session: Session, n: number, of: Amounts): Applied {
    const outcome = this.outlook(of);
    // Before what is asked: a cap that it would pass is violated by it, granted or not.
    const told = outcome.kind === 'wait' || this.#stoppedBy !== null;
    const events = told ? [] : this.#events(session, of);
    if (outcome.kind === 'refused') {
      this.#refused++;
      this.#stoppedBy = outcome.cap;
    }
    if (outcome.kind === 'granted') {
      session.open.set(n, of);
      this.#reserved = sum(this.#reserved, known(of));
    }
    return { outcome, events };
  }

  #settle(session: Session, n: number, of: Amounts, estimated: boolean): void {
    const reserved = session.open.get(n);
    if (reserved === undefined) return;
    session.open.delete(n);
    this.#reserved = sum(this.#reserved, known(reserved), -1);
    this.#used = sum(this.#used, of);
    this.#knownCost += of.cost ?? 0;
    if (of.cost === null) this.#unpricedCalls += of.calls;
    if (estimated) this.#estimated = sum(this.#estimated, known(of));
  }

  /** Warnings and violations that were not told yet, if `asked` came on top of what is spent. */
  #events({ by, startMs, ms }: Session, asked: Amounts): BudgetEvent[] {
    return RUN_CAPS.flatMap((cap): BudgetEvent[] => {
      const limits = this.#caps?.[cap] ?? null;
      if (limits === null) return [];
      const spent = this.spent(cap);
      const more = amountOf(asked, cap);
      const estimated = amountOf(this.#estimated, cap);
      const told = { cap, spent, estimated };
      if (!this.#violated.has(cap) && this.#exceeds(cap, more, false)) {
        this.#violated.add(cap);
        this.#warned.add(cap);
        const event: BudgetEvent = { ...told, kind: 'violation', asked: more, limit: limits.hard };
        this.#violations.add({ event, atMs: startMs + ms, enforced: this.#enforced, by });
        return [event];
      }
      if (this.#warned.has(cap) || spent < limits.warn) return [];
      this.#warned.add(cap);
      return [{ ...told, kind: 'warning', asked: 0, limit: limits.warn }];
    });
  }

  /** Whether `more` on top of what is used, and reserved where asked, is beyond a hard cap. Time is spent, not asked for. */
  #exceeds(cap: RunCap, more: number, withReserved: boolean): boolean {
    const limits = this.#caps?.[cap] ?? null;
    if (limits === null) return false;
    if (cap === 'seconds') return this.seconds >= limits.hard;
    const reserved = withReserved ? amountOf(this.#reserved, cap) : 0;
    return this.spent(cap) + reserved + more > limits.hard;
  }
}

/** In the unit of the cap; nothing of time, and of a cost that is unknown. */
function amountOf(of: Amounts, cap: RunCap): number {
  if (cap === 'seconds') return 0;
  return cap === 'cost' ? (of.cost ?? 0) / UNITS_OF_CURRENCY : of[cap];
}

/** What is set aside is given back: an unknown cost must not make the rest unknown for ever. */
function known(of: Amounts): Amounts {
  return { ...of, cost: of.cost ?? 0 };
}
