import pc from 'picocolors';
import type { PytestComparison, PytestRow } from '../core/pytest-comparison.ts';
import { count } from './format.ts';

/** What a person reads of a suite in two environments: what is worse, what fails all the same, what is better, the sum. */
export function renderPytest(
  { environments, summary, rows, findings }: PytestComparison,
  { color }: { readonly color: boolean },
): string {
  const paint = pc.createColors(color);
  const shown = rows.filter(({ change, failing }) => change !== 'same' || failing);
  const lines = shown.map((row) => {
    const word = row.change === 'same' ? 'fails' : row.change;
    const tint = row.worse ? paint.red : row.failing ? paint.yellow : paint.green;
    return `${tint(word.padEnd(7))}  ${row.id}${causeOf(row)}`;
  });
  const found = findings
    // A file is a row already.
    .filter(({ about }) => about === null)
    .map(({ environment, code, message }) => `${paint.yellow(code)}  ${environment}: ${message}`);
  const { tests, same, fixed, broken, missing, worse, failing } = summary;
  return [
    ...lines,
    ...found,
    ...(lines.length + found.length > 0 ? [''] : []),
    `${count(tests, 'test')} in ${environments.baseline} and ${environments.candidate}: ${same} the same, ${fixed} fixed, ${broken} broken, ` +
      `${summary.new} new, ${missing} missing; ${worse} worse, ${failing} failing in the later one.`,
  ].join('\n');
}

function causeOf({ candidate, baseline, failing }: PytestRow): string {
  const result = failing || candidate?.outcome === 'skipped' ? candidate : candidate && baseline;
  if (!result?.message) return '';
  return `\n         ${result.code === null ? '' : `${result.code}  `}${result.outcome}: ${result.message}`;
}
