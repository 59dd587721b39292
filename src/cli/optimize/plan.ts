import path from 'node:path';
import { hashSources } from '../../config/baseline.ts';
import { loadSeededBugs } from '../../config/bugs.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { loadOptimizerBudgets, OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type Json, type JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { BugRole, SeededBug, Split } from '../../core/seeded-bug.ts';
import type { OptimizeOptions } from './options.ts';

/** Everything about an optimization that is known before it begins. */
export interface OptimizePlan {
  readonly root: string;
  readonly role: string;
  readonly gate: GateConfig;
  readonly budget: RoleBudget;
  readonly pipeline: Pipeline;
  readonly judge: string;
  readonly train: readonly SeededBug[];
  readonly validation: readonly SeededBug[];
  /** Where it is kept while it runs, absolute. */
  readonly folder: string;
  /** Where its result goes, absolute. */
  readonly results: string;
  /** Over all that the result depends on but the budget: a raised cap goes on with the same optimization. */
  readonly sourcesSha256: string;
}

/**
 * @throws ConstitutionError CX-CONFIG-* for files, roles and pipelines, CX-OPTIMIZE-SETUP where a split has no bugs
 */
export async function planOptimization(
  root: string,
  role: string,
  options: OptimizeOptions,
): Promise<OptimizePlan> {
  const gate = await loadGate(root);
  const [budgets, pipelines] = await Promise.all([loadOptimizerBudgets(root, gate), loadPipelines(root)]);
  const budget = budgets.get(role);
  if (budget === undefined) throw unknown('role', role, [...budgets.keys()]);
  refuseUnlimited(budget, [gate.lm.model, options.reflectionModel ?? gate.lm.model]);
  const name = gate.roles[role]?.candidate ?? '';
  const pipeline = pipelines.get(name);
  if (pipeline === undefined) throw unknown('pipeline', name, [...pipelines.keys()]);
  const bugs = await loadSeededBugs(root, { role: role as BugRole });
  const judge = options.judge ?? `optimizing.${role}:judge`;
  const train = ofSplit(bugs, 'train', role, options.train);
  const validation = ofSplit(bugs, 'validation', role, options.validation);
  const settings = {
    pipeline: hashJson({ entry: pipeline.entry, params: pipeline.params, allowance: gate.callAllowance }),
    judge,
    environment: gate.environments.candidate,
    lm: { model: gate.lm.model, parameters: gate.lm.parameters },
    reflection: options.reflectionModel ?? gate.lm.model,
    seed: options.seed,
    bugs: [...train, ...validation].map((bug) => bug.sha256),
  } satisfies Json;
  const files = ['fixtures/**/*.py', `environments/${gate.environments.candidate}.lock`];
  const [sources, judges] = await Promise.all([
    hashSources(root, { settings, lockSha256: '', files }),
    hashSources(path.join(root, 'fixtures', 'optimizing'), {
      settings: {},
      lockSha256: '',
      files: ['**/*.py'],
    }),
  ]);
  return {
    root,
    role,
    gate,
    budget,
    pipeline,
    judge,
    train,
    validation,
    folder: path.join(root, '.constitution', 'optimize', role),
    results: path.join(root, 'eval', 'optimized', role),
    sourcesSha256: hashJson([sources, judges]),
  };
}

/** What the pipeline is told of a bug. */
export function inputsOf({ pipeline }: Pick<OptimizePlan, 'pipeline'>, bug: SeededBug): JsonObject {
  return Object.fromEntries(pipeline.inputs.map((name) => [name, bug.visible[name] ?? null]));
}

function ofSplit(
  bugs: readonly SeededBug[],
  split: Split,
  role: string,
  most: number | undefined,
): SeededBug[] {
  const found = bugs.filter((bug) => bug.split === split).slice(0, most);
  if (found.length > 0) return found;
  throw new ConstitutionError(
    'CX-OPTIMIZE-SETUP',
    `the split "${split}" has no seeded bug of the role ${role}`,
    {
      hint: 'The split follows from the name of a bug; `bugs list` shows it. An optimizer never sees the test split.',
    },
  );
}

/** A cost that is unknown stops nothing. */
function refuseUnlimited({ run, prices }: RoleBudget, models: readonly string[]): void {
  if ([run.calls, run.inputTokens, run.outputTokens].some((cap) => cap !== null)) return;
  const model = models.find((name) => !Object.hasOwn(prices.models, name));
  if (model === undefined) return;
  throw new ConstitutionError(
    'CX-BUDGET-PRICE',
    `nothing but the cost is limited, and the model ${JSON.stringify(model)} has no price`,
    {
      place: { file: OPTIMIZER_BUDGET_FILE },
      hint: 'Add it to prices.models (a price of 0 is one), or give a cap to calls or tokens.',
    },
  );
}

function unknown(kind: string, name: string, known: readonly string[]): ConstitutionError {
  const hint = didYouMean(name, known);
  return new ConstitutionError('CX-CONFIG-REFERENCE', `there is no ${kind} "${name}"`, { hint });
}
