import { ConstitutionError } from '../../core/errors.ts';
import type { RunIdentity } from '../../core/lm-exchange.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import { type Amounts, amountsOfCall } from '../../core/spending/amounts.ts';
import type { CallBudget, CallIntent, CallUsage, Reservation } from '../budget.ts';
import { callBound } from './call-bound.ts';
import type { Ledger } from './ledger.ts';

/** A ledger with the budget it keeps. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly budget: Pick<RoleBudget, 'run' | 'prices' | 'outputTokensWithoutLimit'>;
}

/** Has runs that name a ledger pay for their calls; the calls of other runs are free. */
export class LedgerBudget implements CallBudget {
  readonly #ledgers: ReadonlyMap<string, OpenLedger>;

  /** @param ledgers by the name that runs give */
  constructor(ledgers: ReadonlyMap<string, OpenLedger>) {
    this.#ledgers = ledgers;
  }

  async reserve({ run, path, request, signal }: CallIntent): Promise<Reservation> {
    const open = this.#ledgerOf(run);
    if (open === null) return { settle: () => undefined };
    const { ledger, budget } = open;
    const { model } = request;
    const price = typeof model === 'string' ? ownMember(budget.prices.models, model) : undefined;
    if (price === undefined && budget.run.cost !== null) throw unpriced(model);
    const bound = amountsOfCall(callBound(path, request, budget.outputTokensWithoutLimit), price);
    const reservation = await ledger.reserve(bound, run.run, signal);
    return {
      settle: (usage) => {
        const counted = usage.kind !== 'none' && usage.kind !== 'reported';
        reservation.settle(amounts(usage, bound, price), counted);
      },
    };
  }

  async metricCall(run: RunIdentity, signal: AbortSignal): Promise<void> {
    await this.#ledgerOf(run)?.ledger.metricCall(run.run, signal);
  }

  #ledgerOf(run: RunIdentity): OpenLedger | null {
    if (run.ledger === undefined) return null;
    const open = this.#ledgers.get(run.ledger);
    if (open !== undefined) return open;
    throw new ConstitutionError('CX-BUDGET-LEDGER', `no ledger "${run.ledger}" is open`, {
      hint: 'The process that optimizes opens the ledger before its runs.',
    });
  }
}

/** A call that failed counts as one: an optimizer that asks a dead endpoint for ever has to be stopped as well. */
function amounts(usage: CallUsage, bound: Amounts, price: Parameters<typeof amountsOfCall>[1]): Amounts {
  if (usage.kind === 'unknown') return bound;
  return amountsOfCall(usage.tokens ?? { input: 0, output: 0 }, price);
}

function unpriced(model: unknown): ConstitutionError {
  return new ConstitutionError(
    'CX-BUDGET-PRICE',
    `the cost of the run has a cap, and model ${JSON.stringify(model)} has no price`,
    {
      place: { file: 'optimizer_budget.yaml' },
      hint: 'Add it to prices.models (a price of 0 is one), or write `cost: unlimited`.',
    },
  );
}

function ownMember<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
