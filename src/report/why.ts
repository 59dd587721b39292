import pc from 'picocolors';
import type { Json } from '../core/json.ts';
import type { LmExchange } from '../core/lm-exchange.ts';
import type { Arm, PipelineRun } from '../core/pipeline-run.ts';
import { clip, count } from './format.ts';
import { diffOutputs, paintDiff } from './output-diff.ts';

/** A run with the LM calls behind it. */
export interface ExplainedRun {
  readonly run: PipelineRun;
  /** In their order; empty where no recording was read. */
  readonly exchanges: readonly LmExchange[];
}

export interface WhyOptions {
  readonly color: boolean;
  /** Shows prompts and answers whole. */
  readonly full?: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;

/** Lines of a prompt or an answer that are shown unless everything is asked for. */
const SHOWN_LINES = 6;

/** What both arms did with one bug, repeat by repeat, and where their outputs part. */
export function renderWhy(title: string, runs: readonly ExplainedRun[], options: WhyOptions): string {
  const paint = pc.createColors(options.color);
  const repeats = [...new Set(runs.map(({ run }) => run.repeat))].sort((a, b) => a - b);
  return [
    paint.bold(title),
    ...repeats.flatMap((repeat) => {
      const own = runs.filter(({ run }) => run.repeat === repeat);
      return [
        '',
        paint.bold(`repeat ${repeat}`),
        ...own.flatMap((explained) => runLines(explained, options, paint)),
        ...partingLines(own, paint),
      ];
    }),
  ].join('\n');
}

function runLines({ run, exchanges }: ExplainedRun, options: WhyOptions, paint: Paint): string[] {
  const { usage } = run;
  const outcome = run.outcome === null ? '' : `outcome ${run.outcome} · `;
  const mark = run.status === 'error' || run.outcome === 0 ? paint.red('✗') : paint.green('✓');
  return [
    ` ${mark} ${run.arm} ${paint.dim(`${run.pipeline} in ${run.environment}`)}`,
    `   ${outcome}${count(usage.calls, 'call')} · ${usage.inputTokens} + ${usage.outputTokens} tokens`,
    ...exchanges.flatMap((exchange, index) => exchangeLines(exchange, index, options, paint)),
    ...(run.error === null ? [] : [`   ${paint.red(run.error.code)} ${run.error.message}`]),
    ...(run.detail === '' || run.error !== null ? [] : block(run.detail, '   ', options)),
  ];
}

function exchangeLines(exchange: LmExchange, index: number, options: WhyOptions, paint: Paint): string[] {
  const { temperature, seed } = exchange.request;
  const settings = [
    ...(typeof temperature === 'number' ? [`temperature ${temperature}`] : []),
    ...(typeof seed === 'number' ? [`seed ${seed}`] : []),
  ].join(', ');
  return [
    `   ${paint.dim(`call ${index + 1}${settings ? ` (${settings})` : ''}, status ${exchange.response.status}`)}`,
    ...block(promptOf(exchange), '     > ', options),
    ...block(answerOf(exchange), '     < ', options),
  ];
}

/** The last message of a request: what changes from call to call. */
function promptOf({ request }: LmExchange): string {
  const messages = request['messages'];
  const last = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (last !== null && typeof last === 'object' && !Array.isArray(last))
    return textOf(last?.['content'] ?? null);
  return textOf(request['prompt'] ?? request['input'] ?? null);
}

function answerOf({ response }: LmExchange): string {
  if (response.events) return response.events.join('\n');
  const body = response.body as { choices?: { message?: { content?: Json }; text?: Json }[] } | null;
  const choices = body?.choices ?? [];
  if (choices.length === 0) return textOf(response.body);
  return choices.map((choice) => textOf(choice.message?.content ?? choice.text ?? null)).join('\n---\n');
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The outputs of the two arms as a diff; nothing where they are the same or one arm has none. */
function partingLines(runs: readonly ExplainedRun[], paint: Paint): string[] {
  const of = (arm: Arm) => runs.find(({ run }) => run.arm === arm)?.run;
  const [was, is] = [of('baseline'), of('candidate')];
  if (was === undefined || is === undefined) return [];
  if (was.outputHash === is.outputHash) return [` ${paint.dim('Both arms gave the same output.')}`];
  const lines = diffOutputs(was.output, is.output)
    .split('\n')
    .map((line) => `   ${paintDiff(line, paint)}`);
  return [` ${paint.dim('outputs, baseline → candidate')}`, ...lines];
}

function block(text: string, prefix: string, { full }: WhyOptions): string[] {
  const lines = text.trim().split('\n');
  const shown = full || lines.length <= SHOWN_LINES ? lines : lines.slice(-SHOWN_LINES);
  const cut = lines.length - shown.length;
  return [
    ...(cut > 0 ? [`${prefix}… ${count(cut, 'line')} above (--full shows them)`] : []),
    ...shown.map((line) => prefix + (full ? line : clip(line, 160))),
  ];
}
