import { posix as path } from 'node:path';
import type { Finding } from '../core/finding.ts';
import type { RunRecord } from '../core/run-record.ts';
import { describeFinding, type FindingText } from './finding.ts';
import { count } from './format.ts';
import { whereOf } from './where.ts';

/** GitHub shows ten annotations of a kind and step; the rest would be lost, so that the summary counts them. */
const MOST_ANNOTATIONS = 10;
/** Findings in the summary. */
const LISTED = 20;

/** The job summary of GitHub Actions, in Markdown. */
export function renderGitHubSummary({ constitution, templates, notes }: RunRecord): string {
  const { articles, findings } = constitution;
  const rows = articles.map(({ id, title, severity, governed, findings: found, waived }) => {
    const mark = found === 0 ? '✅' : severity === 'block' ? '❌' : '⚠️';
    return `| ${mark} | ${id} | ${cell(title)} | ${governed} | ${found} | ${waived} |`;
  });
  const listed = findings.slice(0, LISTED).map((finding) => {
    const { summary } = describeFinding(finding, templates);
    return `- \`${finding.code}\` ${cell(whereOf(finding))}: ${cell(summary)}`;
  });
  const rest = findings.length - listed.length;
  return [
    '## Constitution',
    '',
    '| | article | | tests | findings | waived |',
    '|---|---|---|---:|---:|---:|',
    ...rows,
    '',
    ...listed,
    ...(rest > 0 ? [`- … and ${count(rest, 'more finding')}`] : []),
    ...notes.map((note) => `> ${cell(note)}`),
    '',
  ].join('\n');
}

/**
 * Workflow commands that put the first findings of each severity beside their lines.
 *
 * @param folder The root's folder in the repository: GitHub knows files by their path in there.
 */
export function renderGitHubAnnotations({ constitution, templates }: RunRecord, folder = ''): string {
  const { findings } = constitution;
  const lines = (['block', 'warn'] as const).flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity).slice(0, MOST_ANNOTATIONS),
  );
  return lines
    .map((finding) => `${annotation(finding, describeFinding(finding, templates), folder)}\n`)
    .join('');
}

function annotation(finding: Finding, { summary, hint }: FindingText, folder: string): string {
  const level = finding.severity === 'block' ? 'error' : 'warning';
  const file = finding.place?.file ?? finding.test?.file;
  const properties = [
    ...(file === undefined ? [] : [`file=${escapeProperty(path.join(folder, file))}`]),
    ...(finding.place === null ? [] : [`line=${finding.place.line}`]),
    `title=${escapeProperty(`article ${finding.article}: ${finding.code}`)}`,
  ];
  return `::${level} ${properties.join(',')}::${escapeMessage(hint === '' ? summary : `${summary}\n${hint}`)}`;
}

function cell(text: string): string {
  return text
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/</g, '&lt;');
}

function escapeMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
