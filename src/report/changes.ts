import pc from 'picocolors';
import type { CaseRun, EvalReport, ReportCase } from '../core/eval-report.ts';
import { clip, count } from './format.ts';
import { paintDiff } from './output-diff.ts';

/** Kinds of changes that can be listed. */
export const CHANGE_KINDS = ['won', 'lost', 'kept', 'flaky'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

type Paint = ReturnType<typeof pc.createColors>;

/** `won 9 · lost 2 · kept 27 · flaky 8`. */
export function changesLine({ improvement: { changes } }: EvalReport): string {
  return CHANGE_KINDS.map((kind) => `${kind} ${changes[kind].length}`).join(' · ');
}

/** The bugs of a report by what changed, each with its outcomes, and where the arms part with the difference of the outputs. */
export function renderChanges(
  report: EvalReport,
  options: { readonly color: boolean; readonly kinds: readonly ChangeKind[] },
): string {
  const paint = pc.createColors(options.color);
  const judged = report.cases.filter((row) => row.judged);
  const { split } = report.improvement;
  return [
    `${paint.bold('Changes')} ${changesLine(report)}   ${report.mode}, ${report.createdAt.slice(0, 16).replace('T', ' ')}${split === 'all' ? '' : ` · ${split} split`}`,
    ...options.kinds.flatMap((kind) => {
      const own = judged.filter((row) => (kind === 'flaky' ? row.flaky : row.change === kind));
      if (own.length === 0) return [];
      return [
        '',
        paint.bold(`${kind}: ${count(own.length, 'bug')}`),
        ...own.flatMap((row) => caseLines(row, kind, paint)),
      ];
    }),
  ].join('\n');
}

function caseLines(row: ReportCase, kind: ChangeKind, paint: Paint): string[] {
  const flaky = row.flaky ? paint.yellow('  flaky') : '';
  const outcomes = `${outcomesText(row.baseline)} → ${outcomesText(row.candidate)}`;
  const line = ` ${mark(row, paint)} ${`${row.role}/${row.bug}`.padEnd(36)} ${outcomes}${flaky}`;
  if (row.parting === null || kind === 'kept' || kind === 'flaky') return [line];
  const { repeat, diff } = row.parting;
  return [
    line,
    ...detailLines(row, repeat, paint),
    ...diff.split('\n').map((text) => `     ${paintDiff(text, paint)}`),
  ];
}

/** What the scorer, or the error, said of the two runs that part. */
function detailLines(row: ReportCase, repeat: number, paint: Paint): string[] {
  return (['baseline', 'candidate'] as const).map((arm) => {
    const run = row[arm].find((own) => own.repeat === repeat);
    const said = run?.errorCode ?? row.outputs[run?.outputHash ?? '']?.detail ?? '';
    return `   ${paint.dim(`repeat ${repeat}, ${arm}:`)} ${clip(said.split('\n')[0] ?? '', 140)}`;
  });
}

function mark({ change }: ReportCase, paint: Paint): string {
  if (change === 'won') return paint.green('+');
  return change === 'lost' ? paint.red('-') : ' ';
}

/** One sign a run: `✓`, `✗`, the share where it is neither, `!` for an error. */
function outcomesText(runs: readonly CaseRun[]): string {
  const sign = ({ status, outcome }: CaseRun) => {
    if (status === 'error') return '!';
    if (outcome === 1) return '✓';
    return outcome === 0 || outcome === null ? '✗' : String(outcome);
  };
  return runs.map(sign).join(' ');
}
