import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import type { ViolationChecker } from './check-violation.ts';
import { keepEvidence } from './evidence.ts';
import { lastRollouts, type RolloutFacts } from './rollouts.ts';
import { filesOf } from './work-folder.ts';

interface Open {
  readonly violation: RecordedViolation;
  /** Begun at most once. */
  ended?: Promise<BudgetViolation>;
}

/** The violations that this process brings about: each is checked by the constitution once, and then told. */
export class Violations {
  readonly #facts: RolloutFacts;
  readonly #checker: ViolationChecker;
  readonly #open: Open[] = [];
  #endedAt: number | null = null;

  constructor(facts: RolloutFacts, checker: ViolationChecker) {
    this.#facts = facts;
    this.#checker = checker;
  }

  /** A cap was reached. Where the optimizer is stopped, what its last runs came to is known when it has ended. */
  add(violation: RecordedViolation): void {
    const open: Open = { violation };
    this.#open.push(open);
    keepEvidence(this.#facts.plan.folder, violation, () => lastRollouts(this.#facts));
    if (!violation.enforced) this.#begin(open, null);
  }

  /** Nothing runs any more that could spend. */
  optimizerEnded(): void {
    this.#endedAt = Date.now();
  }

  /** All violations, once each is checked and told. Never rejects. */
  async all(): Promise<BudgetViolation[]> {
    const endedAt = this.#endedAt;
    return Promise.all(
      this.#open.map((open) => {
        const { atMs, enforced } = open.violation;
        // One that was found while the run was being opened ended nothing.
        return this.#begin(open, enforced && endedAt !== null ? Math.max(0, endedAt - atMs) : null);
      }),
    );
  }

  #begin(open: Open, stoppedAfterMs: number | null): Promise<BudgetViolation> {
    open.ended ??= this.#checker.check(open.violation, {
      ledgerFile: filesOf(this.#facts.plan.folder).ledger,
      stoppedAfterMs,
      runs: () => lastRollouts(this.#facts),
    });
    return open.ended;
  }
}
