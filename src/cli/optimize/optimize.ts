import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Optimization } from '../../config/optimization.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { CommandContext } from '../command.ts';
import { ViolationChecker } from './check-violation.ts';
import { growthOfBest } from './growth.ts';
import { checkLeftOver } from './left-over.ts';
import type { OptimizeOptions } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { type OptimizePlan, planOptimization } from './plan.ts';
import { showProgress } from './progress.ts';
import { provenAgain, RESULT_FILE, refuseMisses } from './replay.ts';
import { runOptimizer } from './run-optimizer.ts';
import { Spending } from './spending.ts';
import { resultText } from './text.ts';
import { claimFolder, filesOf } from './work-folder.ts';

/** Runs an optimizer of DSPy on a role's pipeline, within its budget. Answers the exit code. */
export async function optimize(
  context: CommandContext,
  role: string,
  options: OptimizeOptions,
): Promise<number> {
  const plan = await planOptimization(context.root, role, options);
  const checker = new ViolationChecker(plan, context.note);
  const late = await checkLeftOver(plan, checker, context.note);
  const release = await claimFolder(plan, options.resume === true);
  try {
    const earlier = options.resume ? late : [];
    const made = await run(context, plan, options, { checker, earlier });
    const optimization = (options.lm === 'replay' && (await provenAgain(plan, made))) || made;
    await publish(plan, optimization);
    context.out(context.json ? JSON.stringify(optimization) : resultText(optimization, plan.budget));
    if (optimization.status === 'completed') return 0;
    return optimization.status === 'stopped-by-budget' ? 1 : 3;
  } finally {
    await release();
  }
}

async function run(
  context: CommandContext,
  plan: OptimizePlan,
  options: OptimizeOptions,
  { checker, earlier }: { readonly checker: ViolationChecker; readonly earlier: readonly BudgetViolation[] },
): Promise<Optimization> {
  await rm(filesOf(plan.folder).rollouts, { force: true });
  const spending = new Spending(context, plan, options.lm, checker);
  const { ledger, calls, watchdog, violations } = spending;
  const payment = { budget: calls, ledger: plan.role };
  const { failure, meters } = await runOptimizer(context, plan, options, payment, async (optimizing) => {
    const hide = showProgress(context, plan, ledger);
    try {
      await optimizing(watchdog.signal);
    } finally {
      watchdog.stand();
      violations.optimizerEnded();
      hide();
    }
  }).finally(() => spending.close());
  const checked = [...earlier, ...(await violations.all())];
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
  });
}

/** The best program goes where it is looked for, unless a budget was violated and nobody asked for what was found until then. */
async function publish({ folder, results, budget }: OptimizePlan, optimization: Optimization): Promise<void> {
  await mkdir(results, { recursive: true });
  const keeps = optimization.status !== 'stopped-by-budget' || budget.onViolation.includes('keep-best');
  if (keeps && optimization.result !== null) {
    await writeAtomically(
      path.join(results, 'program.json'),
      await readFile(filesOf(folder).program, 'utf8'),
    );
  }
  await writeAtomically(path.join(results, RESULT_FILE), `${JSON.stringify(optimization, null, 2)}\n`);
}
