import type { Optimization, OptimizerProgress } from '../../config/optimization.ts';
import { type RoleBudget, RUN_CAPS, type RunCap } from '../../core/optimizer-budget.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import { UNITS_OF_CURRENCY } from '../../core/spending/amounts.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import type { LedgerState } from '../../core/spending/ledger-state.ts';

const NAMES: Readonly<Record<RunCap, string>> = {
  calls: 'LM calls',
  inputTokens: 'tokens in',
  outputTokens: 'tokens out',
  cost: 'cost',
  seconds: 'seconds',
  metricCalls: 'scored answers',
};

/** What a person is told when a cap is reached. */
export function eventLine(event: BudgetEvent, budget: RoleBudget, stops: boolean): string {
  const { kind, cap, spent, asked, limit, estimated } = event;
  const more = asked > 0 ? `, ${figure(asked)} more were asked for` : '';
  const said = estimated > 0 ? `, ${figure(estimated)} of them estimated` : '';
  const what = kind === 'warning' ? 'warning' : stops ? 'STOPPED' : 'ALERT';
  return `budget of ${budget.role}: ${what}: ${figure(spent)} of ${figure(limit)} ${NAMES[cap]}${said}${more}`;
}

/** One line of progress: the best score, and what is left of each cap. */
export function progressLine(
  state: Readonly<LedgerState>,
  budget: RoleBudget,
  progress: OptimizerProgress | null,
): string {
  const best = progress?.candidates[progress.best]?.score;
  const found =
    progress === null || best === undefined
      ? 'scoring the pipeline as it is'
      : `iteration ${progress.iteration} · ${progress.candidates.length} candidates · best ${percent(best)} (at first ${percent(progress.candidates[0]?.score ?? 0)})`;
  const parts = RUN_CAPS.map((cap) => {
    const spent =
      cap === 'seconds'
        ? state.seconds
        : cap === 'cost'
          ? (state.used.cost ?? 0) / UNITS_OF_CURRENCY
          : state.used[cap];
    return { cap, part: spent / (budget.run[cap]?.hard ?? Number.POSITIVE_INFINITY) };
  });
  const nearest = parts.reduce((a, b) => (b.part > a.part ? b : a));
  const { calls, inputTokens, outputTokens } = state.used;
  return `${found} · ${calls} calls · ${inputTokens} + ${outputTokens} tokens · ${percent(1 - nearest.part)} of ${NAMES[nearest.cap]} left`;
}

/** What the command prints at its end. */
export function resultText(optimization: Optimization, budget: RoleBudget): string {
  const { role, pipeline, status, stoppedBy, endedBy, spent, result, error } = optimization;
  const first = result?.candidates[0]?.score;
  const best = result?.candidates[result.best]?.score;
  const cost = spent.cost === null ? 'cost unknown' : `${figure(spent.cost)} ${spent.currency}`;
  const lines = [
    `Optimizing ${role} (${pipeline}) with ${OPTIMIZERS[optimization.optimizer].title}${optimization.reflector === 'catalogue' ? ' (reflector: catalogue, no language model)' : ''}: ${status}${stoppedBy === null ? '' : `, ${NAMES[stoppedBy]}`}${endedBy === 'watchdog' ? ', ended by the watchdog' : ''}`,
    best === undefined || first === undefined
      ? '  score       nothing was scored to the end'
      : `  score       ${percent(first)} → ${percent(best)} on the validation split, ${result?.candidates.length} candidates`,
    `  spent       ${spent.calls} calls · ${spent.inputTokens} + ${spent.outputTokens} tokens · ${cost} · ${figure(spent.seconds)} s · ${spent.metricCalls} scored answers`,
  ];
  if (spent.estimated.calls > 0)
    lines.push(`  estimated   ${spent.estimated.calls} calls did not report their tokens`);
  if (error !== null && status !== 'stopped-by-budget') lines.push(`  ${error.code}  ${error.message}`);
  if (status === 'stopped-by-budget') {
    const kept = budget.onViolation.includes('keep-best')
      ? ''
      : '; the best so far is not kept (onViolation)';
    lines.push(`  next        raise the cap in optimizer_budget.yaml, then optimize ${role} --resume${kept}`);
  }
  return lines.join('\n');
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
