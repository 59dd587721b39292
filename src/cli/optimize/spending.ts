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

/** What one process spends on an optimization, and what follows where that is too much. */
export class Spending {
  readonly ledger: Ledger;
  /** Pays from the ledger, and remembers what was asked. */
  readonly calls: CallsByRollout;
  readonly watchdog: Watchdog;
  readonly violations: Violations;
  /** Caps that were reached, in their order. */
  readonly events: BudgetEvent[] = [];

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
    if (this.ledger.damaged > 0) context.note(damagedLine(role, this.ledger.damaged));
  }

  /** Nothing is spent any more. */
  close(): void {
    this.watchdog.stand();
    this.ledger.close();
  }
}
