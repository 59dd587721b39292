import type { ApiChange, MigrationHint } from '../core/api.ts';
import { describeChange } from '../core/api-uses.ts';
import { count } from './format.ts';

/** Two versions of a package and what lies between them. */
export interface ApiDiffPage {
  readonly package: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly ApiChange[];
  readonly hints: readonly MigrationHint[];
}

/** The changes as Markdown: what may break first, what is new after it. */
export function renderApiDiff({ package: name, from, to, changes, hints }: ApiDiffPage): string {
  const advice = new Map(hints.map((hint) => [hint.subject, hint]));
  const earlier = changes.filter(({ kind }) => kind === 'removed-before');
  const breaking = changes.filter((change) => change.breaking && !earlier.includes(change));
  const goes = changes.filter(({ kind }) => kind === 'deprecated');
  const others = changes.filter(({ breaking, kind }) => !breaking && kind !== 'deprecated');
  const rowOf = (change: ApiChange) => {
    const hint = advice.get(change.subject);
    const also = change.also.length > 0 ? `, ${count(change.also.length, 'further path')}` : '';
    const what = hint?.change ?? describeChange(change);
    const todo = hint?.advice ?? (change.kind === 'moved' ? `Use \`${change.after}\`.` : '');
    return `| \`${change.subject}\`${also} | ${cell(what)} | ${cell(todo)} |`;
  };
  const table = (list: readonly ApiChange[]) =>
    list.length > 0 ? ['| what | change | what to do |', '|---|---|---|', ...list.map(rowOf), ''] : [];
  return [
    `# ${name} ${from} → ${to}`,
    '',
    `${breaking.length} changes may break a program, ${others.length} add something.`,
    '',
    ...table(breaking),
    ...(earlier.length > 0 ? [`Gone before ${from} already:`, '', ...table(earlier)] : []),
    ...(goes.length > 0 ? ['Will go:', '', ...goes.map((one) => `- ${describeChange(one)}`), ''] : []),
    ...(others.length > 0 ? ['New:', '', ...others.map(newLine)] : []),
  ]
    .join('\n')
    .trimEnd();
}

function newLine({ subject, kind, after }: ApiChange): string {
  const value = after === null ? '' : kind === 'added' ? `, the same as \`${after}\`` : ` (${after})`;
  return `- \`${subject}\`${value}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
