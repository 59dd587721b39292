import pc from 'picocolors';
import { formatPlace } from '../core/errors.ts';
import type { ListedBug } from '../core/listed-bug.ts';
import { count } from './format.ts';

/** `100 %` */
const RATE_WIDTH = 5;

const TELLS = { apart: '', 'all-won': 'all won', 'all-lost': 'all lost' } as const;

/** One line a bug: what it is, how often each environment repairs it, and whether that still tells the arms apart. */
export function renderBugList(rows: readonly ListedBug[], options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const environments = [...new Set(rows.flatMap(({ rates }) => Object.keys(rates?.byEnvironment ?? {})))];
  const width = Math.max(3, ...rows.map(({ key }) => key.length));
  const kinds = Math.max(4, ...rows.map(({ bug }) => bug?.kind.length ?? 0));
  const rateOf = ({ rates }: ListedBug, environment: string) => {
    const rate = rates?.byEnvironment[environment];
    return (rate === undefined ? '–' : `${Math.round(rate * 100)} %`).padStart(
      Math.max(RATE_WIDTH, environment.length),
    );
  };
  const columns = (key: string, kind: string, difficulty: string, split: string) =>
    `${key.padEnd(width)}  ${kind.padEnd(kinds)}  ${difficulty}  ${split.padEnd(10)}`;
  const lines = rows.map((row) => {
    const { key, bug, error, rates } = row;
    if (bug === null) {
      const place = error?.place ? `, ${formatPlace(error.place)}` : '';
      return `${key.padEnd(width)}  ${paint.red(error?.code ?? '')} ${error?.message}${place}`;
    }
    const figures = environments.map((environment) => rateOf(row, environment)).join('  ');
    const tells = rates?.tells ? TELLS[rates.tells] : '';
    const known = environments.length > 0 ? `  ${figures}  ${paint.yellow(tells.padEnd(8))}` : '';
    return `${columns(key, bug.kind, String(bug.difficulty), bug.split)}${known}  ${bug.title}`;
  });
  const head = `${columns('bug', 'kind', 'd', 'split')}  ${environments.map((name) => name.padStart(RATE_WIDTH)).join('  ')}`;
  return [paint.dim(head.trimEnd()), ...lines, ...summary(rows)].join('\n');
}

function summary(rows: readonly ListedBug[]): string[] {
  const of = (tells: string) => rows.filter(({ rates }) => rates?.tells === tells).length;
  const [won, lost] = [of('all-won'), of('all-lost')];
  const sources = new Set(rows.flatMap(({ rates }) => (rates ? [`${rates.source} of ${rates.at}`] : [])));
  const flat = won + lost;
  return [
    '',
    `${count(rows.length, 'seeded bug')}${
      flat > 0 ? `; ${flat} tell nothing apart any more: ${won} all won, ${lost} all lost in both arms` : ''
    }.`,
    ...(sources.size > 0 ? [`Rates by ${[...sources].join(', ')}.`] : []),
  ];
}
