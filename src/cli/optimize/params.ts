import path from 'node:path';
import type { OptimizeParams } from '../../bridge/protocol.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import type { OptimizeOptions } from './options.ts';
import { inputsOf, type OptimizePlan } from './plan.ts';

/** Where runs of an optimization ask their LMs. */
export interface OptimizerEndpoints {
  readonly gatewayUrl: string;
  /** Of the run of the pipeline. */
  readonly taskToken: string;
  readonly reflectionUrl: string;
  readonly reflectionToken: string;
}

/** What the worker is asked. */
export function optimizeParams(
  plan: OptimizePlan,
  options: OptimizeOptions,
  runId: string,
  endpoints: OptimizerEndpoints,
): OptimizeParams {
  const { budget, gate, root } = plan;
  const { model, parameters } = gate.lm;
  return {
    runId,
    root: path.join(root, 'fixtures'),
    entry: plan.pipeline.entry,
    params: { call_allowance: gate.callAllowance, ...plan.pipeline.params },
    judge: plan.judge,
    lm: {
      baseUrl: endpoints.gatewayUrl,
      token: endpoints.taskToken,
      model,
      parameters: { ...parameters, seed: options.seed },
    },
    reflectionLm: {
      baseUrl: endpoints.reflectionUrl,
      token: endpoints.reflectionToken,
      model: options.reflectionModel ?? model,
      parameters: { temperature: 1, max_tokens: budget.outputTokensWithoutLimit, seed: options.seed },
    },
    optimizer: OPTIMIZERS[options.optimizer].module,
    catalogue: plan.catalogue,
    train: casesOf(plan, 'train'),
    validation: casesOf(plan, 'validation'),
    folder: plan.folder,
    seed: options.seed,
    maxEvaluations: evaluationsWithin(budget.run.metricCalls?.hard, plan, options),
    minibatch: options.minibatch,
    threads: options.threads,
  };
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
