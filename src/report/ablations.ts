import pc from 'picocolors';
import type { AblationReport, AblationRow, AblationTable } from '../core/ablation.ts';
import { ageText, count, percentInterval, signedPercent } from './format.ts';

/** The table of what each step brings: one block a role, one line an arm. */
export function renderAblations(table: AblationTable, options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const recorded = table.lm.recordedAt === null ? '' : ` recorded ${table.lm.recordedAt.slice(0, 10)}`;
  const split = table.split === 'all' ? '' : ` · ${table.split} split`;
  const roles = [...new Set(table.rows.map((row) => row.role))];
  return [
    ` ${paint.bold('Ablations'.padEnd(13))} ${table.mode}, ${table.lm.model}${recorded}${split} · intervals against the baseline`,
    ...roles.flatMap((role) => [
      `   ${paint.bold(role.padEnd(24))}${paint.dim('   solved   tokens  calls  latency   improvement')}`,
      ...table.rows.filter((row) => row.role === role).map((row) => rowLine(row, paint)),
    ]),
  ].join('\n');
}

/** That there is a table, for the report of a gate that did not make it. */
export function ablationsLine({ rows, ageMs, current }: AblationReport): string {
  const arms = new Set(rows.map((row) => row.name)).size;
  const stale = current ? '' : ', of other code, bugs or settings';
  return `${count(arms, 'arm')}, ${ageText(ageMs)} ago${stale} (gate --ablations)`;
}

function rowLine(row: AblationRow, paint: ReturnType<typeof pc.createColors>): string {
  const { name, solved, runs, tokens, calls, latencyMs, relative, interval, pipeline, environment } = row;
  const figure = (value: number | null, digits: number) => (value === null ? 'n/a' : value.toFixed(digits));
  const change = name === 'baseline' ? '' : `${signedPercent(relative)} ${percentInterval(interval)}`;
  const where = pipeline === null ? (row.title ?? '') : `${pipeline} in ${environment}`;
  return [
    `     ${name.padEnd(22)}`,
    `${Number(solved.toFixed(1))}/${runs}`.padStart(9),
    figure(tokens, 0).padStart(9),
    figure(calls, 2).padStart(7),
    `${figure(latencyMs, 0)} ms`.padStart(9),
    `   ${change.padEnd(26)}`,
    paint.dim(where),
    ...(row.violations === 0 ? [] : [paint.dim(`  ${count(row.violations, 'broken rule')}`)]),
    ...(row.errors === 0 ? [] : [paint.red(`  ${count(row.errors, 'error')}`)]),
  ]
    .join('')
    .trimEnd();
}
