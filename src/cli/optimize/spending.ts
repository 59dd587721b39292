import { ConstitutionError } from '../../core/errors.ts';
import { NOTHING, ONE_ANSWER } from '../../core/spending/amounts.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import { Ledger } from '../../gateway/ledger/ledger.ts';
import { LedgerBudget } from '../../gateway/ledger/ledger-budget.ts';
import type { CommandContext } from '../command.ts';
import { CallsByRollout } from './calls-by-rollout.ts';
import type { ViolationChecker } from './check-violation.ts';
import type { OptimizePlan } from './plan.ts';
import type { RolloutFacts } from './rollouts.ts';
import { damagedLine, eventLine, unpricedLine } from './text.ts';
import { Violations } from './violations.ts';
import { Watchdog } from './watchdog.ts';
import { filesOf } from './work-folder.ts';

/** How much later than the ledger, which counts time once a second, the watchdog finds by itself that time is over. */
const SLACK_MS = 2_000;

/** What one process spends on an optimization, and what follows where that is too much. */
export class Spending {
  readonly ledger: Ledger;
  /** Pays from the ledger, and remembers what was asked. */
  readonly calls: CallsByRollout;
  readonly watchdog: Watchdog;
  readonly violations: Violations;
  /** Caps that were reached, in their order. */
  readonly events: BudgetEvent[] = [];
  readonly #note: CommandContext['note'];
  readonly #role: string;

  /**
   * @throws ConstitutionError CX-BUDGET-LEDGER
   */
  constructor(
    context: Pick<CommandContext, 'note' | 'signal'>,
    plan: OptimizePlan,
    mode: RolloutFacts['mode'],
    checker: ViolationChecker,
  ) {
    const { role, budget, folder } = plan;
    this.#note = context.note;
    this.#role = role;
    const stops = budget.onViolation.includes('stop');
    const ledgers = new Map<string, { ledger: Ledger; budget: OptimizePlan['budget'] }>();
    this.calls = new CallsByRollout(
      new LedgerBudget(ledgers, (model) => context.note(unpricedLine(model, budget))),
    );
    this.watchdog = new Watchdog(context.signal);
    this.violations = new Violations({ plan, calls: this.calls, mode }, checker);
    this.ledger = new Ledger({
      file: filesOf(folder).ledger,
      caps: budget.run,
      enforced: stops,
      onViolation: (violation) => {
        this.violations.add(violation);
        if (stops) this.watchdog.alarm();
      },
      onEvent: (event) => {
        this.events.push(event);
        if (event.kind === 'warning' || budget.onViolation.includes('alert'))
          context.note(eventLine(event, budget, stops));
      },
    });
    ledgers.set(role, { ledger: this.ledger, budget });
    const { seconds } = budget.run;
    if (stops && seconds !== null) {
      const left = Math.max(0, seconds.hard - this.ledger.state.seconds);
      this.watchdog.within(left * 1000 + SLACK_MS);
    }
    if (this.ledger.damaged > 0) context.note(damagedLine(role, this.ledger.damaged));
  }

  /**
   * Why an optimizer need not be started: a cap leaves no room for one more answer. Whoever goes on with an unraised cap
   * would be refused whatever it asks, and no violation would be there to have it watched: that one was told before.
   *
   * @throws ConstitutionError CX-BUDGET-LEDGER
   */
  async refusal(): Promise<ConstitutionError | null> {
    try {
      (await this.ledger.reserve(ONE_ANSWER, 'start')).settle(NOTHING, false);
      return null;
    } catch (error) {
      if (error instanceof ConstitutionError && error.code === 'CX-BUDGET-SPENT') return error;
      throw error;
    }
  }

  /** Nothing is spent any more. A ledger that cannot be closed is told: the result is worth more than its last line. */
  close(): void {
    this.watchdog.stand();
    try {
      this.ledger.close();
    } catch (error) {
      this.#note(`budget of ${this.#role}: warning: ${(error as Error).message}`);
    }
  }
}
