import { type RoleBudget, RUN_CAPS, type RunCap } from '../../core/optimizer-budget.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import type { LedgerState } from '../../core/spending/ledger-state.ts';
import type { OptimizeOptions } from './options.ts';
import type { OptimizePlan } from './plan.ts';
import { figure, NAMES } from './text.ts';

/** What a person is told before anything is asked: what is optimized, and what it can come to at most. */
export function startLines(
  plan: OptimizePlan,
  options: OptimizeOptions,
  state: Readonly<LedgerState>,
): string[] {
  const { role, pipeline, budget, catalogue, train, validation, gate } = plan;
  const { title, reflects } = OPTIMIZERS[options.optimizer];
  const reflecting = options.reflectionModel ?? gate.lm.model;
  const reflector =
    catalogue !== null ? ' (reflector: catalogue)' : reflects ? ` (reflector: ${reflecting})` : '';
  const asked = new Set([gate.lm.model, ...(reflects && catalogue === null ? [reflecting] : [])]);
  const unpriced = [...asked].filter((model) => !Object.hasOwn(budget.prices.models, model));
  const caps = RUN_CAPS.map((cap) => capText(cap, budget, state, unpriced)).join(' · ');
  return [
    `optimizing ${role} (${pipeline.name}) with ${title}${reflector}: ${train.length} bugs to learn from, ${validation.length} to score on`,
    `budget of ${role}: ${budget.onViolation.includes('stop') ? 'at most' : 'watched, not enforced:'} ${caps}`,
  ];
}

/** What is left of a cap; where something is spent already, of how much. */
function capText(
  cap: RunCap,
  { run, prices }: RoleBudget,
  state: Readonly<LedgerState>,
  unpriced: readonly string[],
): string {
  const name = cap === 'cost' ? prices.currency : NAMES[cap];
  const unknown =
    cap === 'cost' && unpriced.length > 0
      ? ` (unknown for ${unpriced.map((model) => JSON.stringify(model)).join(' and ')})`
      : '';
  const hard = run[cap]?.hard;
  if (hard === undefined) return `${NAMES[cap]} unlimited${unknown}`;
  const left = Math.max(0, hard - state.spent(cap));
  // Seconds run from the moment the ledger is opened.
  const isWhole = cap === 'seconds' ? left > hard - 1 : left === hard;
  return `${isWhole ? '' : `${figure(left)} of `}${figure(hard)} ${name}${unknown}`;
}
