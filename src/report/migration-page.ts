import type { AblationRow, AblationTable } from '../core/ablation.ts';
import type { ApiChange, MigrationHint } from '../core/api.ts';
import type { UseFinding } from '../core/api-uses.ts';
import type { Component } from '../core/component.ts';
import type { SchemaDifference } from '../core/schema-diff.ts';
import type { SelfCheck } from '../core/self-check.ts';
import { count, percentInterval, signedPercent } from './format.ts';

/** All that is known of a project's migration from one version to another. */
export interface MigrationPage {
  readonly package: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly ApiChange[];
  readonly hints: readonly MigrationHint[];
  /** What was scanned, and the Python files that were read in it. */
  readonly scanned: { readonly paths: readonly string[]; readonly files: number };
  readonly uses: readonly { readonly file: string; readonly findings: readonly UseFinding[] }[];
  /** null: the project lists none. */
  readonly schemas: readonly (SchemaDifference & { readonly why: string })[] | null;
  readonly components: readonly Component[];
  /** null: not made yet. */
  readonly ablations: AblationTable | null;
  readonly selfCheck: SelfCheck | null;
}

/** The compatibility report as Markdown: what breaks, what was met, what differs, what came of it. Equal pages give equal text. */
export function renderMigrationPage(page: MigrationPage): string {
  return [
    `# ${page.package} ${page.from} → ${page.to}`,
    '',
    'Written by `npx vitest-constitution migration-report`; with `--check` it says whether this is current.',
    '',
    ...apiLines(page),
    ...useLines(page),
    ...schemaLines(page),
    ...componentLines(page),
    ...figureLines(page),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function apiLines({ package: name, from, to, changes, hints }: MigrationPage): string[] {
  const breaking = changes.filter((change) => change.breaking && change.kind !== 'removed-before');
  const subjects = new Map(changes.map((change) => [change.subject, change]));
  const advised = hints.filter(({ subject }) => subjects.get(subject)?.breaking ?? true);
  return [
    '## Breaking changes',
    '',
    `Importing both versions finds ${count(breaking.length, 'change')} that may break a program.`,
    `\`npx vitest-constitution api-diff ${from} ${to}\` lists all of them; these have advice that people have reviewed:`,
    '',
    ...table(
      [`${name}`, 'change', 'what to do'],
      advised.map(({ subject, change, advice }) => [`\`${subject}\``, change, advice]),
    ),
  ];
}

function useLines({ scanned, uses, from, to }: MigrationPage): string[] {
  const rows = uses.flatMap(({ file, findings }) =>
    findings.map((use) => [`\`${file}\``, `\`${use.subject}\``, use.change, use.advice ?? '']),
  );
  const where = scanned.paths.map((path) => `\`${path}\``).join(', ');
  return [
    '## Where this project meets them',
    '',
    `\`scan\` reads ${count(scanned.files, 'Python file')} in ${where} and finds ${rows.length === 0 ? 'no use' : count(rows.length, 'use')} of what changed from ${from} to ${to}.`,
    '',
    ...(rows.length === 0 ? [] : table(['file', 'what', 'change', 'what to do'], rows)),
  ];
}

function schemaLines({ schemas }: MigrationPage): string[] {
  if (schemas === null) return [];
  const rows = schemas.map(({ aspect, where, why }) => [aspect, String(placesOf(where)), oneLine(why)]);
  return [
    '## Signatures and prompts',
    '',
    schemas.length === 0
      ? 'Signatures, prompts and the treatment of bad answers are the same in both.'
      : 'What the two versions make of the same signatures differs in this, and in nothing else:',
    '',
    ...(rows.length === 0 ? [] : table(['of', 'places', 'why'], rows)),
  ];
}

function placesOf(where: SchemaDifference['where']): number {
  return Object.values(where).reduce((sum, forms) => sum + forms.length, 0);
}

function componentLines({ components }: MigrationPage): string[] {
  if (components.length === 0) return [];
  return [
    '## Components',
    '',
    'Each imports, initialises and behaves the same in both versions, or fails the gate (tier 1) or is told (others):',
    '',
    ...table(
      ['component', 'tier', 'native assertions'],
      components.map(({ name, tier, assertions }) => [name, String(tier), assertions ? 'yes' : '']),
    ),
  ];
}

function figureLines({ ablations, selfCheck }: MigrationPage): string[] {
  if (ablations === null && selfCheck === null) return [];
  return [
    '## Figures',
    '',
    ...(ablations === null
      ? []
      : [
          `Seeded bugs of the \`${ablations.split}\` split, ${ablations.lm.model}, ${ablations.mode}. Intervals are of 95%, against the baseline.`,
          '',
          ...table(
            ['role', 'arm', 'solved', 'tokens', 'calls', 'latency', 'improvement', 'what it is'],
            ablations.rows.map(figureRow),
          ),
        ]),
    ...(selfCheck === null
      ? []
      : [
          `A second session of the baseline, compared with the first as if it were a candidate: ${signedPercent(selfCheck.relative)} ${percentInterval(selfCheck.interval)}, verdict *${selfCheck.status}*, which is ${selfCheck.wrong ? 'wrong' : 'right'}.`,
          '',
        ]),
  ];
}

function figureRow(row: AblationRow): string[] {
  const figure = (value: number | null, digits: number) => (value === null ? 'n/a' : value.toFixed(digits));
  const { role, name, solved, runs, tokens, calls, latencyMs, relative, interval, title, pipeline } = row;
  return [
    role,
    name,
    `${Number(solved.toFixed(1))}/${runs}`,
    figure(tokens, 0),
    figure(calls, 2),
    `${figure(latencyMs, 0)} ms`,
    name === 'baseline' ? '' : `${signedPercent(relative)} ${percentInterval(interval)}`,
    title ?? (pipeline === null ? '' : `\`${pipeline}\``),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line), ''];
}

function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
