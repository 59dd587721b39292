import pc from 'picocolors';
import { blockingComponents, type ComponentMark, type ComponentRow } from '../core/component.ts';
import { clip, count, signedPercent } from './format.ts';

type Paint = ReturnType<typeof pc.createColors>;

const COLUMNS = ['imports', 'initialises', 'output', 'tokens', 'latency', 'assertions'] as const;
const NAME = 24;

/** Every component with its checks and figures, and the series that it records. */
export function renderComponents(
  rows: readonly ComponentRow[],
  options: { readonly color: boolean },
): string {
  const paint = pc.createColors(options.color);
  const header = COLUMNS.map((column) => column.padEnd(12)).join('');
  return [
    ` ${paint.bold('Components'.padEnd(13))} ${componentsLine(rows, paint)}`,
    paint.dim(`     ${''.padEnd(NAME)}tier  ${header}${'tokens'.padEnd(22)}CPU ms`),
    ...rows.flatMap((row) => [rowLine(row, paint), ...errorLines(row, paint), ...seriesLines(row, paint)]),
  ].join('\n');
}

/** How many hold, and those of tier 1 that do not. */
export function componentsLine(rows: readonly ComponentRow[], paint: Paint): string {
  const held = rows.filter(({ holds }) => holds).length;
  const blocking = blockingComponents(rows);
  const others = rows.filter(({ holds, tier }) => !holds && tier > 1).map(({ name }) => name);
  return [
    `${held} of ${count(rows.length, 'component')} hold`,
    ...(blocking.length === 0 ? [] : [paint.red(`tier 1: ${blocking.join(', ')}`)]),
    ...(others.length === 0 ? [] : [paint.yellow(`others: ${others.join(', ')}`)]),
  ].join(' · ');
}

function rowLine({ name, tier, checks, baseline, candidate }: ComponentRow, paint: Paint): string {
  const change =
    baseline.tokens && candidate.tokens !== null
      ? ` ${signedPercent(candidate.tokens / baseline.tokens - 1)}`
      : '';
  const tokens = `${figure(baseline.tokens)} → ${figure(candidate.tokens)}${change}`;
  const marks = COLUMNS.map((column) => markText(checks[column], paint)).join('');
  return `     ${name.padEnd(NAME)}${String(tier).padEnd(6)}${marks}${tokens.padEnd(22)}${figure(baseline.cpuMs)} → ${figure(candidate.cpuMs)}`.trimEnd();
}

function markText(mark: ComponentMark, paint: Paint): string {
  const text = { ok: '✓', failed: '✗ failed', 'n/a': '-' }[mark].padEnd(12);
  return mark === 'failed' ? paint.red(text) : mark === 'ok' ? paint.green(text) : paint.dim(text);
}

function errorLines({ baseline, candidate }: ComponentRow, paint: Paint): string[] {
  const line = (arm: string, error: string | null) =>
    error === null ? [] : [`       ${paint.red(arm)} ${clip(error, 120)}`];
  return [...line('baseline', baseline.error), ...line('candidate', candidate.error)];
}

/** First and last point of each series. */
function seriesLines({ series }: ComponentRow, paint: Paint): string[] {
  return series.map(({ name, unit, points }) => {
    const [first, last] = [points[0] ?? null, points.at(-1) ?? null];
    const way = points.length > 1 ? `${figure(first)} → ${figure(last)}` : figure(last);
    return paint.dim(`       ${name}: ${way} ${unit}, ${count(points.length, 'point')}`);
  });
}

function figure(value: number | null): string {
  return value === null ? 'n/a' : String(Math.round(value * 10) / 10);
}
