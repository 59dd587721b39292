import type { CheckDeclaration, OptionSpec } from '../core/article.ts';

/** Documentation of checks, in Markdown: a section each, with options and codes. */
export function renderChecksPage(
  checks: Readonly<Record<string, CheckDeclaration>>,
  articleCodes: Readonly<Record<string, string>>,
): string {
  return [
    '# Checks',
    '',
    'What an article can use. This page is written from the code: `node scripts/docs.mjs` renews it.',
    '',
    ...Object.entries(checks).flatMap(([name, check]) => section(name, check)),
    '## Codes of articles and waivers',
    '',
    ...table(['code', 'meaning'], Object.entries(articleCodes).map(codeRow)),
    '',
  ].join('\n');
}

/** Documentation of error codes, in Markdown. */
export function renderErrorCodesPage(codes: Readonly<Record<string, string>>): string {
  return [
    '# Error codes',
    '',
    'Codes of errors that stop a command with exit code 3, or a run of vitest, which ends with its own 1 then. They are stable.',
    'Codes of findings are with the [checks](checks.md) that make them. This page is written from the code:',
    '`node scripts/docs.mjs` renews it.',
    '',
    ...table(['code', 'meaning'], Object.entries(codes).map(codeRow)),
    '',
  ].join('\n');
}

function section(name: string, { description, options, codes }: CheckDeclaration): string[] {
  const rows = Object.entries(options).map(([option, spec]) => [
    `\`${option}\``,
    typeOf(spec),
    spec.default === undefined ? '' : `\`${cell(JSON.stringify(spec.default))}\``,
    cell(spec.description),
  ]);
  return [
    `## ${name}`,
    '',
    description,
    '',
    ...(rows.length === 0 ? [] : [...table(['option', 'type', 'default', 'meaning'], rows), '']),
    ...table(['code', 'meaning'], Object.entries(codes).map(codeRow)),
    '',
  ];
}

function typeOf(spec: OptionSpec): string {
  if (spec.type === 'number') {
    const { min, max } = spec;
    if (min === undefined && max === undefined) return 'number';
    return `number${min === undefined ? '' : ` ≥ ${min}`}${max === undefined ? '' : ` ≤ ${max}`}`;
  }
  const values = 'values' in spec ? spec.values : undefined;
  const one = values?.map((value) => `\`${value}\``).join(', ');
  const kind = {
    boolean: 'boolean',
    string: 'text',
    strings: 'texts',
    globs: 'globs',
    pattern: 'regular expression',
    patterns: 'regular expressions',
  }[spec.type];
  return one === undefined ? kind : `${kind} of ${one}`;
}

function codeRow([code, meaning]: [string, string]): string[] {
  return [`\`${code}\``, cell(meaning)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
}
