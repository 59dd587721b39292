import { createTwoFilesPatch } from 'diff';
import pc from 'picocolors';
import type { UseFinding } from '../core/api-uses.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import { count } from './format.ts';
import { paintDiff } from './output-diff.ts';

/** What a scan found in one file. */
export interface ScannedRow {
  readonly file: string;
  readonly findings: readonly UseFinding[];
  readonly fault: { readonly code: ErrorCode; readonly message: string; readonly line: number | null } | null;
  /** Why nothing of it was mended where something could be. */
  readonly refused: string | null;
}

/** What was read, and what came of it. */
export interface ScanSummary {
  readonly read: number;
  readonly from: string;
  readonly to: string;
  /** Findings that were mended, or can be with `--fix`. */
  readonly mendable: number;
  readonly fixed: boolean;
}

/** Each finding with its place, what changed and what to do; then the sum. */
export function renderScan(
  rows: readonly ScannedRow[],
  { read, from, to, mendable, fixed }: ScanSummary,
  options: { readonly color: boolean },
): string {
  const paint = pc.createColors(options.color);
  const lines = rows.flatMap(({ file, findings, fault, refused }) => [
    ...(fault
      ? [
          `${paint.bold(at(file, fault.line))}  ${paint.dim(fault.code)}  ${paint.red('not read')}: ${fault.message}`,
        ]
      : []),
    ...(refused ? [`${paint.bold(file)}  ${paint.red('not mended')}: ${refused}`] : []),
    ...findings.flatMap((finding) => [
      `${paint.bold(`${file}:${finding.line}:${finding.column}`)}  ${paint.dim(finding.code)}  ${finding.change}${
        finding.guarded ? paint.dim(' (an error is caught here)') : ''
      }`,
      ...(finding.advice === null ? [] : [`  ${paint.dim(finding.advice)}`]),
    ]),
  ]);
  const found = rows.reduce((sum, { findings }) => sum + findings.length, 0);
  const faults = rows.filter(({ fault }) => fault !== null).length;
  const mend = mendable === 0 ? '' : fixed ? `; ${mendable} mended` : `; ${mendable} of them --fix can mend`;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `${count(found, 'use')} of what changed from ${from} to ${to} in ${count(read, 'Python file')}${mend}.`,
    ...(faults > 0 ? [`${count(faults, 'file')} could not be read.`] : []),
  ].join('\n');
}

/** A unified diff of a file. */
export function renderFileDiff(
  { file, before, after }: { readonly file: string; readonly before: string; readonly after: string },
  options: { readonly color: boolean },
): string {
  const paint = pc.createColors(options.color);
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 1 })
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => paintDiff(line, paint))
    .join('\n');
}

function at(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}
