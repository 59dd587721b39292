import pc from 'picocolors';
import type { ImportedProgram } from '../core/imported-program.ts';
import { clip, count, printable } from './format.ts';

/** One line a program: imported with its figures, or left out with the reason; then the counts. */
export function renderImported(
  rows: readonly ImportedProgram[],
  options: { readonly color: boolean },
): string {
  const paint = pc.createColors(options.color);
  const width = Math.max(0, ...rows.map(({ program }) => program.length));
  const lines = rows.map(({ program, status, bug, kind, hidden, failing, why }) =>
    status === 'imported'
      ? `${paint.green('✓')} ${printable(program).padEnd(width)}  ${bug}  ${kind}, ${failing} of ${hidden} hidden tests fail on the bug`
      : `${paint.yellow(status === 'exists' ? '=' : '○')} ${printable(program).padEnd(width)}  ${clip(printable(why ?? ''), 300)}`,
  );
  const of = (status: string) => rows.filter((row) => row.status === status).length;
  const there = of('exists');
  return [
    ...lines,
    `${count(of('imported'), 'program')} imported, ${of('left-out')} left out${
      there > 0 ? `, ${there} there already (--force replaces them)` : ''
    }.`,
  ].join('\n');
}
