import type { SchemaDifference } from '../core/schema-diff.ts';
import { count } from './format.ts';

/** What two versions make of the same signatures, and which differences nobody has listed. */
export interface SchemaDiffPage {
  readonly from: string;
  readonly to: string;
  readonly signatures: readonly string[];
  readonly compared: number;
  readonly differing: number;
  readonly differences: readonly (SchemaDifference & { readonly why?: string })[];
  /** Listed differences that are not there any more. */
  readonly vanished: readonly (SchemaDifference & { readonly why?: string })[];
}

/** The comparison as Markdown: one block a difference. */
export function renderSchemaDiff(page: SchemaDiffPage): string {
  const { from, to, signatures, compared, differing, differences, vanished } = page;
  return [
    `# Signatures ${from} → ${to}`,
    '',
    `${count(signatures.length, 'signature')}, ${compared} things compared, ${differing} differ` +
      `${differing === 0 ? '' : `, which come to ${count(differences.length, 'difference')}`}.`,
    '',
    ...differences.flatMap((one) => [`## ${titleOf(one)}`, '', ...blockOf(one)]),
    ...vanished.flatMap((one) => [`## Listed, but not found: ${titleOf(one)}`, '', ...blockOf(one)]),
  ]
    .join('\n')
    .trimEnd();
}

function titleOf({ aspect, where }: SchemaDifference): string {
  const signatures = new Set(Object.values(where).flat());
  return `${aspect}, ${count(signatures.size, 'signature')}`;
}

function blockOf({ diff, where, why }: SchemaDifference & { readonly why?: string }): string[] {
  return [
    ...(why === undefined ? [] : [why, '']),
    '```diff',
    diff,
    '```',
    '',
    ...Object.entries(where).map(
      ([form, signatures]) => `- ${form === '' ? '' : `${form}: `}${signatures.map(shortName).join(', ')}`,
    ),
    '',
  ];
}

function shortName(signature: string): string {
  return `\`${signature}\``;
}
