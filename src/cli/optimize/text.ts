import type { Optimization, OptimizerProgress } from '../../config/optimization.ts';
import { type RoleBudget, RUN_CAPS, type RunCap } from '../../core/optimizer-budget.ts';
import { OPTIMIZERS } from '../../core/optimizers.ts';
import type { PipelineGrowth } from '../../core/pipeline-growth.ts';
import type { BudgetEvent } from '../../core/spending/ledger-entry.ts';
import type { LedgerState } from '../../core/spending/ledger-state.ts';
import type { AlertDelivery, BudgetAlert, ViolationCheck } from '../../core/spending/violation.ts';

/** What a cap counts. */
export const NAMES: Readonly<Record<RunCap, string>> = {
  calls: 'LM calls',
  inputTokens: 'tokens in',
  outputTokens: 'tokens out',
  cost: 'cost',
  seconds: 'seconds',
  metricCalls: 'scored answers',
};

/** Findings of a violation that the terminal shows. */
const FINDINGS_SHOWN = 5;

/** What a person is told when a cap is reached. */
export function eventLine(event: BudgetEvent, budget: RoleBudget, stops: boolean): string {
  const { kind, cap, spent, asked, limit, estimated } = event;
  const more = asked > 0 ? `, ${figure(asked)} more were asked for` : '';
  const said = estimated > 0 ? `, ${figure(estimated)} of them estimated` : '';
  const what = kind === 'warning' ? 'warning' : stops ? 'STOPPED' : 'ALERT';
  return `budget of ${budget.role}: ${what}: ${figure(spent)} of ${figure(limit)} ${NAMES[cap]}${said}${more}`;
}

/** What a person is told of a cap that a process reached which was killed before it could have that checked. */
export function lateLine({ cap, spent, limit }: BudgetEvent, { role }: RoleBudget): string {
  return `budget of ${role}: a process that was killed had reached a cap: ${figure(spent)} of ${figure(limit)} ${NAMES[cap]}`;
}

/** What a person is told of a journal that was cut off or changed by hand. */
export function damagedLine(role: string, lines: number): string {
  return `budget of ${role}: warning: ${lines} lines of the ledger cannot be read; what they said is not counted, or counted in full`;
}

/** What a person is told of a model whose cost cannot be counted. */
export function unpricedLine(model: string, { role, run, prices }: RoleBudget): string {
  const cap =
    run.cost === null
      ? ''
      : `; the cap of ${figure(run.cost.hard)} ${prices.currency} holds for what has a price`;
  return `budget of ${role}: warning: the cost of ${JSON.stringify(model)} is unknown, not zero: it is not in prices.models${cap}`;
}

/** What the constitution says of a violation; a person reads the first findings, the record has all. */
export function violationLines(
  role: string,
  { articles, runs, ms, error }: ViolationCheck,
  findings: BudgetAlert['findings'],
): string[] {
  const head = `budget of ${role}: constitution:`;
  if (error !== null) return [`${head} could not be asked: ${error.code} ${error.message}`];
  const shown = findings.slice(0, FINDINGS_SHOWN);
  const more = findings.length - shown.length;
  return [
    `${head} ${articles.length} articles over the last ${runs} runs, ${findings.length} findings (${figure(ms)} ms)`,
    ...shown.map(({ article, code, summary }) => `  ${article} ${code} ${summary}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** An alert that nobody has got. */
export function deliveryLine(role: string, { channel, to, attempts, error }: AlertDelivery): string {
  return `budget of ${role}: ${channel} ${to} has not taken the alert: ${error}, ${attempts} attempts`;
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
    return { cap, part: state.spent(cap) / (budget.run[cap]?.hard ?? Number.POSITIVE_INFINITY) };
  });
  const nearest = parts.reduce((a, b) => (b.part > a.part ? b : a));
  const { calls, inputTokens, outputTokens } = state.used;
  return `${found} · ${calls} calls · ${inputTokens} + ${outputTokens} tokens · ${percent(Math.max(0, 1 - nearest.part))} of ${NAMES[nearest.cap]} left`;
}

/** What a person is told of money that has brought nothing: the error follows. */
export function spentInVainLine(role: string, { used }: Readonly<LedgerState>): string {
  return `budget of ${role}: ${used.calls} calls · ${used.inputTokens} + ${used.outputTokens} tokens are spent, and no program was scored to the end`;
}

/**
 * What the command prints at its end.
 *
 * @param command that was given, without `--resume`
 */
export function resultText(optimization: Optimization, budget: RoleBudget, command: string): string {
  const { role, pipeline, status, stoppedBy, endedBy, spent, growth, result, error } = optimization;
  const first = result?.candidates[0]?.score;
  const best = result?.candidates[result.best]?.score;
  const known = `${figure(spent.knownCost)} ${spent.currency}`;
  const cost = spent.cost === null ? `cost unknown, at least ${known}` : known;
  const lines = [
    `Optimizing ${role} (${pipeline}) with ${OPTIMIZERS[optimization.optimizer].title}${optimization.reflector === 'catalogue' ? ' (reflector: catalogue, no language model)' : ''}: ${status}${stoppedBy === null ? '' : `, ${NAMES[stoppedBy]}`}${endedBy === 'watchdog' ? ', ended by the watchdog' : ''}`,
    best === undefined || first === undefined
      ? '  score       nothing was scored to the end'
      : `  score       ${percent(first)} → ${percent(best)} on the validation split, ${result?.candidates.length} candidates`,
    `  spent       ${spent.calls} calls · ${spent.inputTokens} + ${spent.outputTokens} tokens · ${cost} · ${figure(spent.seconds)} s · ${spent.metricCalls} scored answers`,
  ];
  if (spent.estimated.calls > 0)
    lines.push(`  estimated   ${spent.estimated.calls} calls did not report their tokens`);
  for (const metric of ['tokens', 'latency'] as const) {
    const judged = growth?.[metric];
    if (judged) lines.push(`  ${metric.padEnd(11)} ${growthText(judged)}`);
  }
  if (error !== null && status !== 'stopped-by-budget') lines.push(`  ${error.code}  ${error.message}`);
  if (status !== 'completed') lines.push(`  next        ${nextStep(optimization, budget, command)}`);
  return lines.join('\n');
}

/** How an optimization goes on that has not come to its end. */
function nextStep(optimization: Optimization, { onViolation }: RoleBudget, command: string): string {
  const { optimizer, status, stoppedBy, budget } = optimization;
  const cap = stoppedBy === null ? 'the cap' : `the cap on ${stoppedBy}`;
  const where = budget === null ? 'optimizer_budget.yaml' : `optimizer_budget.yaml under budgets.${budget}`;
  const raise = status === 'stopped-by-budget' ? `raise ${cap} in ${where}, then ` : '';
  const goesOn = optimizer === 'gepa' ? `${command} --resume` : `${command} (it begins anew)`;
  const isKept = status !== 'stopped-by-budget' || onViolation.includes('keep-best');
  return `${raise}${goesOn}${isKept ? '' : '; the best so far is not kept (onViolation)'}`;
}

/** What the best program uses more, against the caps of `pipeline`. */
function growthText({ mean, p95, status, warned }: PipelineGrowth): string {
  const more = (growth: number | null) =>
    growth === null ? 'unknown' : `${growth < 0 ? '' : '+'}${percent(growth)}`;
  const said = { pass: 'held', fail: 'EXCEEDED', inconclusive: 'neither held nor exceeded for certain' }[
    status
  ];
  const soft = warned && status !== 'fail' ? ', beyond the soft limit' : '';
  return `mean ${more(mean.growth)} of +${percent(mean.hard)}, p95 ${more(p95.growth)} of +${percent(p95.hard)}: ${said}${soft}`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** A number as people read it. */
export function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
