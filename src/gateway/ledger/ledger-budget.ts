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
  readonly budget: Pick<RoleBudget, 'prices' | 'outputTokensWithoutLimit'>;
}

/** Has runs that name a ledger pay for their calls; the calls of other runs are free. */
export class LedgerBudget implements CallBudget {
  readonly #ledgers: ReadonlyMap<string, OpenLedger>;
  readonly #onUnpriced: (model: string) => void;
  readonly #unpriced = new Set<string>();

  /**
   * @param ledgers by the name that runs give
   * @param onUnpriced told once of each model that has no price: its cost is unknown, and no reason to refuse a call
   */
  constructor(
    ledgers: ReadonlyMap<string, OpenLedger>,
    onUnpriced: (model: string) => void = () => undefined,
  ) {
    this.#ledgers = ledgers;
    this.#onUnpriced = onUnpriced;
  }

  async reserve({ run, path, request, signal }: CallIntent): Promise<Reservation> {
    const open = this.#ledgerOf(run);
    if (open === null) return { settle: () => undefined };
    const { ledger, budget } = open;
    const model = String(request['model'] ?? '');
    const price = ownMember(budget.prices.models, model);
    if (price === undefined && !this.#unpriced.has(model)) {
      this.#unpriced.add(model);
      this.#onUnpriced(model);
    }
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

function ownMember<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
