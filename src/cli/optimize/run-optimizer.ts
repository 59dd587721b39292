import { WorkerSession } from '../../bridge/worker/session.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { RunMeter } from '../../core/lm-exchange.ts';
import type { CallBudget } from '../../gateway/budget.ts';
import { startService } from '../../vitest/service.ts';
import type { CommandContext } from '../command.ts';
import { reflectionGateway } from './endpoints.ts';
import type { OptimizeOptions } from './options.ts';
import { optimizeParams } from './params.ts';
import type { OptimizePlan } from './plan.ts';

/** Where the LM calls of optimizations are recorded, below the recordings folder. */
const RECORDINGS = 'optimize';

/** What pays for the LM calls of an optimizer. */
export interface Payment {
  readonly budget: CallBudget;
  /** Name of the ledger that its runs give. Without one their calls are free. */
  readonly ledger?: string;
}

/** How an optimizer ended. */
export interface OptimizerEnd {
  /** Null where it came to its end, and was answered at all. */
  readonly failure: ConstitutionError | null;
  /** Of the pipeline's calls and of those that reflect; none where it did not get as far as to make any. */
  readonly meters: readonly RunMeter[];
}

/**
 * Starts gateway and Python, and has the worker optimize.
 *
 * @param during goes round the optimizer itself, without what starts and ends the processes; what it throws is the failure
 */
export async function runOptimizer(
  { root, note, signal, startPython }: Pick<CommandContext, 'root' | 'note' | 'signal' | 'startPython'>,
  plan: OptimizePlan,
  options: OptimizeOptions,
  { budget, ledger }: Payment,
  during: (optimizing: (signal: AbortSignal) => Promise<void>) => Promise<void>,
): Promise<OptimizerEnd> {
  const closing: (() => unknown)[] = [];
  const meters: RunMeter[] = [];
  try {
    const service = await startService(root, { mode: options.lm, note, signal, budget, startPython });
    closing.push(() => service.close());
    const own = await reflectionGateway(root, budget, options);
    if (own !== null) closing.push(() => own.close());
    const environment = await service.environment(plan.gate.environments.candidate);
    const identity = (name: string) => ({
      run: `${plan.role}/${RECORDINGS}/${options.optimizer}-${name}/0`,
      recording: `${RECORDINGS}/${plan.role}/${options.optimizer}.${name}.json`,
      repeat: 0,
      environment: { name: environment.name, dspy: environment.dspy, python: environment.python },
      ...(ledger === undefined ? {} : { ledger }),
    });
    const reflecting = own ?? service.gateway;
    const task = await service.gateway.openRun(identity('task'));
    const reflection = await reflecting.openRun(identity('reflection'));
    const session = await WorkerSession.connect(environment.socketPath);
    closing.push(() => session.close());
    const params = optimizeParams(plan, options, `${plan.role}/${RECORDINGS}`, {
      gatewayUrl: service.address.gatewayUrl,
      taskToken: task.token,
      reflectionUrl: own?.baseUrl ?? service.address.gatewayUrl,
      reflectionToken: reflection.token,
    });
    try {
      await during(async (optimizing) => {
        await session.optimize(params, { signal: optimizing });
      });
    } finally {
      meters.push(await service.gateway.closeRun(task.token), await reflecting.closeRun(reflection.token));
    }
    return { failure: unanswered(meters), meters };
  } catch (error) {
    if (!(error instanceof ConstitutionError)) throw error;
    return { failure: error, meters };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/**
 * An optimizer comes to its end without a single answer of the pipeline's model, or of the one that reflects: it has found
 * nothing out.
 */
function unanswered(meters: readonly RunMeter[]): ConstitutionError | null {
  const at = meters.findIndex(({ requests, usage }) => requests > 0 && usage.calls === 0);
  const meter = meters[at];
  if (meter === undefined) return null;
  const what = at === 0 ? 'LM call' : 'request for a better instruction';
  const status = meter.calls.at(-1)?.status;
  const why =
    meter.failures[0]?.message ?? (status === undefined ? 'no answer' : `the last status was ${status}`);
  return new ConstitutionError('CX-OPTIMIZE-STALLED', `not one ${what} was answered: ${why}`, {
    hint: 'See whether the endpoint is there, and takes what it is asked.',
  });
}
