import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OptimizeParams } from '../../bridge/protocol.ts';
import { WorkerSession } from '../../bridge/worker/session.ts';
import type { Optimization } from '../../config/optimization.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RunMeter } from '../../core/lm-exchange.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import { UNITS_OF_CURRENCY } from '../../core/spending/amounts.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import type { BudgetViolation } from '../../core/spending/violation.ts';
import { Ledger } from '../../gateway/ledger/ledger.ts';
import { LedgerBudget, type OpenLedger } from '../../gateway/ledger/ledger-budget.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { startService } from '../../vitest/service.ts';
import type { CommandContext } from '../command.ts';
import { CallsByRollout } from './calls-by-rollout.ts';
import { reflectionGateway } from './endpoints.ts';
import { growthOfBest } from './growth.ts';
import type { OptimizeOptions } from './options.ts';
import { inputsOf, type OptimizePlan, planOptimization } from './plan.ts';
import { provenAgain, RESULT_FILE, refuseMisses } from './replay.ts';
import { damagedLine, eventLine, progressLine, resultText, unpricedLine } from './text.ts';
import { Violations } from './violations.ts';
import { Watchdog } from './watchdog.ts';
import { claimFolder, filesOf, readProgress } from './work-folder.ts';

/** How often progress is looked at. */
const PROGRESS_MS = 2_000;
/** Where the LM calls of optimizations are recorded, below the recordings folder. */
const RECORDINGS = 'optimize';

/** Runs an optimizer of DSPy on a role's pipeline, within its budget. Answers the exit code. */
export async function optimize(
  context: CommandContext,
  role: string,
  options: OptimizeOptions,
): Promise<number> {
  const plan = await planOptimization(context.root, role, options);
  const release = await claimFolder(plan, options.resume === true);
  try {
    const made = await run(context, plan, options);
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
): Promise<Optimization> {
  const { role, budget, gate, folder, root } = plan;
  const stops = budget.onViolation.includes('stop');
  const watchdog = new Watchdog(context.signal);
  const events: BudgetEvent[] = [];
  const ledgers = new Map<string, OpenLedger>();
  const onUnpriced = (model: string) => context.note(unpricedLine(model, budget));
  const paid = new CallsByRollout(new LedgerBudget(ledgers, onUnpriced));
  const violations = new Violations({ plan, calls: paid, mode: options.lm }, context.note);
  const onEvent = (event: BudgetEvent) => {
    events.push(event);
    if (event.kind === 'warning' || budget.onViolation.includes('alert'))
      context.note(eventLine(event, budget, stops));
    if (event.kind === 'violation') violations.add(event);
    if (event.kind === 'violation' && stops) watchdog.alarm();
  };
  await rm(filesOf(folder).rollouts, { force: true });
  const ledger = new Ledger({
    file: filesOf(folder).ledger,
    caps: budget.run,
    enforced: stops,
    onEvent,
  });
  ledgers.set(role, { ledger, budget });
  if (ledger.damaged > 0) context.note(damagedLine(role, ledger.damaged));
  const closing: (() => unknown)[] = [() => ledger.close()];
  const meters: RunMeter[] = [];
  let failure: ConstitutionError | null = null;
  try {
    const service = await startService(root, {
      mode: options.lm,
      note: context.note,
      signal: context.signal,
      budget: paid,
      startPython: context.startPython,
    });
    closing.push(() => service.close());
    const reflection = await reflectionGateway(root, paid, options);
    if (reflection !== null) closing.push(() => reflection.close());
    const environment = await service.environment(gate.environments.candidate);
    const identity = (name: string) => ({
      run: `${role}/${RECORDINGS}/${options.optimizer}-${name}/0`,
      recording: `${RECORDINGS}/${role}/${options.optimizer}.${name}.json`,
      repeat: 0,
      environment: { name: environment.name, dspy: environment.dspy, python: environment.python },
      ledger: role,
    });
    const task = await service.gateway.openRun(identity('task'));
    const reflecting = await (reflection ?? service.gateway).openRun(identity('reflection'));
    const session = await WorkerSession.connect(environment.socketPath);
    closing.push(() => session.close());
    const lmOf = (baseUrl: string, token: string, model: string, parameters: JsonObject) => ({
      baseUrl,
      token,
      model,
      parameters,
    });
    const { model, parameters } = gate.lm;
    const params: OptimizeParams = {
      runId: `${role}/${RECORDINGS}`,
      root: path.join(root, 'fixtures'),
      entry: plan.pipeline.entry,
      params: { call_allowance: gate.callAllowance, ...plan.pipeline.params },
      judge: plan.judge,
      lm: lmOf(service.address.gatewayUrl, task.token, model, { ...parameters, seed: options.seed }),
      reflectionLm: lmOf(
        reflection?.baseUrl ?? service.address.gatewayUrl,
        reflecting.token,
        options.reflectionModel ?? model,
        { temperature: 1, max_tokens: budget.outputTokensWithoutLimit, seed: options.seed },
      ),
      optimizer: OPTIMIZERS[options.optimizer].module,
      catalogue: plan.catalogue,
      train: casesOf(plan, 'train'),
      validation: casesOf(plan, 'validation'),
      folder,
      seed: options.seed,
      maxEvaluations: evaluationsWithin(budget.run.metricCalls?.hard, plan, options),
      minibatch: options.minibatch,
      threads: options.threads,
    };
    const shown = showProgress(context, plan, ledger);
    try {
      await session.optimize(params, { signal: watchdog.signal });
    } finally {
      watchdog.stand();
      violations.optimizerEnded();
      clearInterval(shown);
      meters.push(
        await service.gateway.closeRun(task.token),
        await (reflection ?? service.gateway).closeRun(reflecting.token),
      );
    }
  } catch (error) {
    if (!(error instanceof ConstitutionError)) throw error;
    failure = error;
  } finally {
    watchdog.stand();
    for (const close of closing.reverse()) await close();
  }
  for (const meter of meters) refuseMisses(role, meter);
  const checked = await violations.all();
  const growth = options.resume ? null : await growthOfBest({ plan, calls: paid, mode: options.lm });
  return outcome(plan, options, {
    ledger,
    events,
    violations: checked,
    growth,
    failure,
    watchdog,
    cancelled: context.signal.aborted,
  });
}

async function outcome(
  plan: OptimizePlan,
  options: OptimizeOptions,
  ended: {
    readonly ledger: Ledger;
    readonly events: readonly BudgetEvent[];
    readonly violations: readonly BudgetViolation[];
    readonly growth: Optimization['growth'];
    readonly failure: ConstitutionError | null;
    readonly watchdog: Watchdog;
    readonly cancelled: boolean;
  },
): Promise<Optimization> {
  const { ledger, events, violations, failure, watchdog, cancelled } = ended;
  const { used, estimated, seconds } = ledger.state;
  const violated = events.find(({ kind }) => kind === 'violation')?.cap ?? null;
  const stoppedBy = failure === null ? null : (ledger.state.stoppedBy ?? (watchdog.bit ? violated : null));
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
    spent: {
      calls: used.calls,
      inputTokens: used.inputTokens,
      outputTokens: used.outputTokens,
      cost: used.cost === null ? null : used.cost / UNITS_OF_CURRENCY,
      knownCost: ledger.state.spent('cost'),
      unpricedCalls: ledger.state.unpricedCalls,
      currency: plan.budget.prices.currency,
      seconds,
      metricCalls: used.metricCalls,
      estimated: {
        calls: estimated.calls,
        inputTokens: estimated.inputTokens,
        outputTokens: estimated.outputTokens,
      },
    },
    events: [...events],
    violations: violations as Optimization['violations'],
    growth: ended.growth,
    result,
  };
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

function casesOf(plan: OptimizePlan, split: 'train' | 'validation'): OptimizeParams['train'] {
  return plan[split].map((bug) => ({
    case: path.resolve(plan.root, bug.folder),
    inputs: inputsOf(plan, bug),
  }));
}

/** After how many answers GEPA is to end by itself: its last iteration may take it beyond, and must fit into the cap. */
function evaluationsWithin(
  cap: number | undefined,
  { validation }: OptimizePlan,
  { minibatch }: OptimizeOptions,
): number {
  if (cap === undefined) return Number.MAX_SAFE_INTEGER;
  return Math.max(validation.length + 1, cap - 2 * minibatch - validation.length);
}

function showProgress(context: CommandContext, plan: OptimizePlan, ledger: Ledger): NodeJS.Timeout {
  let last = '';
  return setInterval(async () => {
    const line = progressLine(ledger.state, plan.budget, await readProgress(plan.folder).catch(() => null));
    if (line !== last) context.note(line);
    last = line;
  }, PROGRESS_MS);
}
