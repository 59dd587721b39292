import { rm } from 'node:fs/promises';
import type { Optimization } from '../../config/optimization.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import type { CommandContext } from '../command.ts';
import { ViolationChecker } from './check-violation.ts';
import { growthOfBest } from './growth.ts';
import { checkLeftOver } from './left-over.ts';
import { commandOf, type OptimizeOptions } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { type OptimizePlan, planOptimization } from './plan.ts';
import { showProgress } from './progress.ts';
import { publish } from './publish.ts';
import { provenAgain, refuseMisses } from './replay.ts';
import { type OptimizerEnd, runOptimizer } from './run-optimizer.ts';
import { Spending } from './spending.ts';
import { startLines } from './start-text.ts';
import { resultText, spentInVainLine } from './text.ts';
import { claimFolder, emptyFolder, filesOf } from './work-folder.ts';

/** Runs an optimizer of DSPy on a role's pipeline, within its budget. Answers the exit code. */
export async function optimize(
  context: CommandContext,
  role: string,
  options: OptimizeOptions,
): Promise<number> {
  const plan = await planOptimization(context.root, role, options);
  const checker = new ViolationChecker(plan, context.note);
  const resume = options.resume === true;
  const command = commandOf(role, options);
  const release = await claimFolder(plan, resume);
  try {
    const late = await checkLeftOver(plan, checker, { note: context.note, resume });
    if (!resume) await emptyFolder(plan, command);
    const made = await run(context, plan, options, { checker, late });
    const proven = (options.lm === 'replay' && (await provenAgain(plan, made))) || made;
    const tell = (told: Optimization) =>
      context.out(context.json ? JSON.stringify(told) : resultText(told, plan.budget, command));
    const optimization = await publish(plan, proven, command).catch((error: unknown) => {
      // It is paid for: what cannot be written down is told at least.
      tell(proven);
      throw error;
    });
    tell(optimization);
    if (optimization.status === 'completed') return 0;
    return optimization.status === 'stopped-by-budget' ? 1 : 3;
  } finally {
    release();
  }
}

async function run(
  context: CommandContext,
  plan: OptimizePlan,
  options: OptimizeOptions,
  { checker, late }: { readonly checker: ViolationChecker; readonly late: readonly BudgetViolation[] },
): Promise<Optimization> {
  await rm(filesOf(plan.folder).rollouts, { force: true });
  const spending = new Spending(context, plan, options.lm, checker);
  const { ledger, calls, watchdog, violations } = spending;
  const payment = { budget: calls, ledger: plan.role };
  const ended = async (): Promise<OptimizerEnd> => {
    for (const line of startLines(plan, options, ledger.state)) context.note(line);
    const refusal = await spending.refusal();
    if (refusal !== null) return { failure: refusal, meters: [] };
    return runOptimizer(context, plan, options, payment, async (optimizing) => {
      const hide = showProgress(context, plan, ledger);
      try {
        await optimizing(watchdog.signal);
      } finally {
        watchdog.stand();
        violations.optimizerEnded();
        hide();
      }
    });
  };
  const { failure, meters } = await ended().finally(() => spending.close());
  const checked = [...late, ...(await violations.all())];
  for (const meter of meters) refuseMisses(plan.role, meter);
  const growth = options.resume ? null : await growthOfBest({ plan, calls, mode: options.lm });
  return outcomeOf(plan, options, {
    state: ledger.state,
    events: spending.events,
    violations: checked,
    growth,
    failure,
    watchdog,
    cancelled: context.signal.aborted,
  }).catch((error: unknown) => {
    if (ledger.state.used.calls > 0) context.note(spentInVainLine(plan.role, ledger.state));
    throw error;
  });
}
