import type { GateConfig } from '../../config/gate.ts';
import { loadOptimizerBudgets } from '../../config/optimizer-budget.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import type { BudgetLimit } from '../../core/judge-limit.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import { programOf } from './optimized-program.ts';

/**
 * What the candidate may use more than the baseline in each role whose candidate is a pipeline with an optimized program: the
 * caps under `pipeline` of optimizer_budget.yaml. They come on top of the budgets of gate.yaml, which are of all bugs together.
 *
 * @throws ConstitutionError CX-CONFIG-* where such a role has no budget that can be read
 */
export async function pipelineCaps(root: string, gate: GateConfig): Promise<BudgetLimit[]> {
  const pipelines = await loadPipelines(root);
  const optimized = Object.entries(gate.roles).filter(
    ([, { candidate }]) => programOf(pipelines.get(candidate)) !== null,
  );
  if (optimized.length === 0) return [];
  const budgets = await loadOptimizerBudgets(root, gate);
  return optimized.flatMap(([role]) => {
    const budget = budgets.get(role);
    return budget === undefined ? [] : limitsOf(budget);
  });
}

/** A verdict takes the place of what stops an optimizer: without `stop`, caps are watched, here as there. */
function limitsOf({ role, pipeline, onViolation }: RoleBudget): BudgetLimit[] {
  return (['latency', 'tokens'] as const).map((metric) => {
    const { mean, p95 } = pipeline[metric];
    return {
      metric,
      role,
      limit: mean.hard,
      tailLimit: p95.hard,
      soft: { mean: mean.warn, p95: p95.warn },
      enforced: onViolation.includes('stop'),
    };
  });
}
