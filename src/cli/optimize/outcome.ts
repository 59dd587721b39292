import type { Optimization } from '../../config/optimization.ts';
import type { ConstitutionError } from '../../core/errors.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import { UNITS_OF_CURRENCY } from '../../core/spending/amounts.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import type { LedgerState } from '../../core/spending/ledger-state.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import type { OptimizeOptions } from './options.ts';
import type { OptimizePlan } from './plan.ts';
import type { Watchdog } from './watchdog.ts';
import { readProgress } from './work-folder.ts';

/** What has become of an optimization when nothing of it runs any more. */
export interface Ended {
  readonly state: Readonly<LedgerState>;
  readonly events: readonly BudgetEvent[];
  readonly violations: readonly BudgetViolation[];
  readonly growth: Optimization['growth'];
  readonly failure: ConstitutionError | null;
  readonly watchdog: Pick<Watchdog, 'bit'>;
  readonly cancelled: boolean;
}

/**
 * The result of an optimization.
 *
 * @throws ConstitutionError its failure, where nothing was ever scored and neither a budget nor a person ended it
 */
export async function outcomeOf(
  plan: OptimizePlan,
  options: OptimizeOptions,
  ended: Ended,
): Promise<Optimization> {
  const { events, violations, failure, watchdog, cancelled } = ended;
  // Where the ledger could not be kept, nobody but the watchdog has seen the time run out.
  const violated = events.find(({ kind }) => kind === 'violation')?.cap ?? 'seconds';
  const stoppedBy = failure === null ? null : (ended.state.stoppedBy ?? (watchdog.bit ? violated : null));
  const { reflects } = OPTIMIZERS[options.optimizer];
  const byBudget = failure !== null && (failure.code === 'CX-BUDGET-SPENT' || watchdog.bit);
  const result = await readProgress(plan.folder);
  // Nothing was ever scored, and it is not the budget's doing: there is nothing to keep.
  if (failure !== null && !byBudget && !cancelled && result === null) throw failure;
  return {
    format: 1,
    role: plan.role,
    pipeline: plan.pipeline.name,
    environment: plan.gate.environments.candidate,
    optimizer: options.optimizer,
    reflector: !reflects ? null : plan.catalogue === null ? 'lm' : 'catalogue',
    budget: options.budget ?? null,
    asked: {
      judge: plan.judge,
      train: options.train ?? null,
      validation: options.validation ?? null,
      minibatch: options.minibatch,
    },
    status:
      failure === null ? 'completed' : byBudget ? 'stopped-by-budget' : cancelled ? 'cancelled' : 'failed',
    stoppedBy,
    endedBy: watchdog.bit ? 'watchdog' : 'itself',
    error: failure && { code: failure.code, message: failure.message },
    finishedAt: new Date().toISOString(),
    mode: options.lm,
    models: {
      task: plan.gate.lm.model,
      reflection:
        reflects && plan.catalogue === null ? (options.reflectionModel ?? plan.gate.lm.model) : null,
    },
    seed: options.seed,
    sourcesSha256: plan.sourcesSha256,
    train: plan.train.map(({ id }) => id),
    validation: plan.validation.map(({ id }) => id),
    spent: spentOf(ended.state, plan.budget.prices.currency),
    events: [...events],
    violations: violations as Optimization['violations'],
    growth: ended.growth,
    result,
  };
}

function spentOf(state: Readonly<LedgerState>, currency: string): Optimization['spent'] {
  const { used, estimated } = state;
  return {
    calls: used.calls,
    inputTokens: used.inputTokens,
    outputTokens: used.outputTokens,
    cost: used.cost === null ? null : used.cost / UNITS_OF_CURRENCY,
    knownCost: state.spent('cost'),
    unpricedCalls: state.unpricedCalls,
    currency,
    seconds: state.seconds,
    metricCalls: used.metricCalls,
    estimated: {
      calls: estimated.calls,
      inputTokens: estimated.inputTokens,
      outputTokens: estimated.outputTokens,
    },
  };
}
