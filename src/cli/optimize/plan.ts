import path from 'node:path';
import { loadSeededBugs } from '../../config/bugs.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { OPTIMIZED_FOLDER } from '../../config/optimizations.ts';
import { loadOptimizerBudgets, OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import { loadRateCard } from '../../config/rate-card.ts';
import { type CatalogueKind, loadCatalogue } from '../../config/reflection-catalogue.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import { OPTIMIZERS, type OptimizerName } from '../../core/optimizers.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { RateCard } from '../../core/rate-card.ts';
import type { BugRole, SeededBug, Split } from '../../core/seeded-bug.ts';
import { bugsOfSplit, optimizationSources } from '../../vitest/gate/optimized-program.ts';
import type { OptimizeOptions } from './options.ts';

/** Everything about an optimization that is known before it begins. */
export interface OptimizePlan {
  readonly root: string;
  readonly role: string;
  readonly gate: GateConfig;
  readonly budget: RoleBudget;
  readonly pipeline: Pipeline;
  readonly judge: string;
  /** What LM time is modelled by; null where the project has none. */
  readonly rateCard: RateCard | null;
  /** What reflection may propose; null where a language model is asked. */
  readonly catalogue: readonly CatalogueKind[] | null;
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
  if (options.resume === true && options.optimizer !== 'gepa') {
    throw new ConstitutionError('CX-OPTIMIZE-RESUME', `${options.optimizer} cannot be gone on with`, {
      hint: 'It keeps no state between its steps: begin it anew.',
    });
  }
  const gate = await loadGate(root);
  const [budgets, pipelines, rateCard] = await Promise.all([
    loadOptimizerBudgets(root, gate, options.budget),
    loadPipelines(root),
    loadRateCard(root),
  ]);
  const budget = budgets.get(role);
  if (budget === undefined) throw unknown('role', role, [...budgets.keys()]);
  refuseUnlimited(budget, [gate.lm.model, options.reflectionModel ?? gate.lm.model]);
  const name = gate.roles[role]?.candidate ?? '';
  const pipeline = pipelines.get(name);
  if (pipeline === undefined) throw unknown('pipeline', name, [...pipelines.keys()]);
  const bugs = await loadSeededBugs(root, { role: role as BugRole });
  const catalogue =
    options.optimizer === 'gepa' && options.reflector === 'catalogue'
      ? await loadCatalogue(root, role)
      : null;
  const judge = options.judge ?? `optimizing.${role}:judge`;
  const train = ofSplit(bugs, 'train', role, options.train);
  const validation = ofSplit(bugs, 'validation', role, options.validation);
  const { reflects } = OPTIMIZERS[options.optimizer];
  const reflection = reflects ? (options.reflectionModel ?? gate.lm.model) : null;
  const sourcesSha256 = await optimizationSources(root, gate, {
    pipeline,
    environment: gate.environments.candidate,
    judge,
    optimizer: options.optimizer,
    reflection: catalogue === null ? reflection : hashJson([...catalogue]),
    seed: options.seed,
    minibatch: options.minibatch,
    bugs: [...train, ...validation],
  });
  return {
    root,
    role,
    gate,
    budget,
    pipeline,
    judge,
    rateCard,
    catalogue,
    train,
    validation,
    folder: workFolder(root, role, options.optimizer),
    results: path.join(root, OPTIMIZED_FOLDER, ...placeOf(role, options.optimizer)),
    sourcesSha256,
  };
}

/** Where an optimization is kept while it runs, absolute. */
export function workFolder(root: string, role: string, optimizer: OptimizerName): string {
  return path.join(root, '.constitution', 'optimize', placeOf(role, optimizer).join('-'));
}

function placeOf(role: string, optimizer: OptimizerName): string[] {
  return optimizer === 'gepa' ? [role] : [role, optimizer];
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
  const found = bugsOfSplit(bugs, split, most ?? null);
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
