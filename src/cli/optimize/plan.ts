import path from 'node:path';
import { loadSeededBugs } from '../../config/bugs.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { OPTIMIZED_FOLDER } from '../../config/optimizations.ts';
import { loadOptimizerBudgets } from '../../config/optimizer-budget.ts';
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
import { pipelineOf } from '../../vitest/gate/pipeline-of.ts';
import type { OptimizeOptions } from './options.ts';
import { refuseContraryOptions, refuseHopeless, refuseUnlimited } from './refusals.ts';

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
 * @throws ConstitutionError CX-CONFIG-* for files, roles and pipelines, CX-USAGE for options that contradict each other,
 *   CX-OPTIMIZE-SETUP where a split has no bugs or more than the budget can score
 */
export async function planOptimization(
  root: string,
  role: string,
  options: OptimizeOptions,
): Promise<OptimizePlan> {
  refuseContraryOptions(options);
  const gate = await loadGate(root);
  const [budgets, pipelines, rateCard] = await Promise.all([
    loadOptimizerBudgets(root, gate, options.budget),
    loadPipelines(root),
    loadRateCard(root),
  ]);
  const budget = budgets.get(role);
  if (budget === undefined) {
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no role "${role}"`, {
      hint: didYouMean(role, [...budgets.keys()]),
    });
  }
  refuseUnlimited(budget, [gate.lm.model, options.reflectionModel ?? gate.lm.model]);
  const name = gate.roles[role]?.candidate ?? '';
  const pipeline = pipelineOf(role, name, pipelines, `the role ${role}`);
  const bugs = await loadSeededBugs(root, { role: role as BugRole });
  const catalogue =
    options.optimizer === 'gepa' && options.reflector === 'catalogue'
      ? await loadCatalogue(root, role)
      : null;
  const judge = options.judge ?? `optimizing.${role}:judge`;
  const train = ofSplit(bugs, 'train', role, options.train);
  const validation = ofSplit(bugs, 'validation', role, options.validation);
  refuseHopeless(budget, validation.length);
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
