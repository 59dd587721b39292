import { readFile } from 'node:fs/promises';
import type { LintReport } from './sarif.ts';

/** How often each rule is broken, by file. */
export type LintCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The committed file of what is known: by the name of the linter. */
export interface KnownLint {
  readonly format: 1;
  readonly linters: Readonly<Record<string, LintCounts>>;
}

/** A rule that is broken more often in a file than is known. */
export interface NewLint {
  readonly file: string;
  readonly rule: string;
  readonly count: number;
  readonly known: number;
  /** Of the last violation: which of them are new, nobody can tell once lines have moved. */
  readonly line: number | null;
}

/** Where what is known is committed, relative to the root. */
export const KNOWN_LINT_FILE = 'eval/lint-baseline.json';

/** Counts by file and rule, both in order; lines are left out, because they move with every edit. */
export function countLint({ violations }: LintReport): LintCounts {
  const counts: Record<string, Record<string, number>> = {};
  const ordered = [...violations].sort((a, b) => (`${a.file}\0${a.rule}` < `${b.file}\0${b.rule}` ? -1 : 1));
  for (const { file, rule } of ordered) {
    counts[file] ??= {};
    const ofFile = counts[file] as Record<string, number>;
    ofFile[rule] = (ofFile[rule] ?? 0) + 1;
  }
  return counts;
}

/** What is new in a report. */
export function newLint(report: LintReport, known: KnownLint | null): NewLint[] {
  const before = known?.linters[report.tool] ?? {};
  return Object.entries(countLint(report)).flatMap(([file, rules]) =>
    Object.entries(rules).flatMap(([rule, count]): NewLint[] => {
      const accepted = before[file]?.[rule] ?? 0;
      if (count <= accepted) return [];
      const last = report.violations.findLast((one) => one.file === file && one.rule === rule);
      return [{ file, rule, count, known: accepted, line: last?.line ?? null }];
    }),
  );
}

/** How many known violations are gone: what is known should then be renewed, so that they stay away. */
export function goneLint(report: LintReport, known: KnownLint | null): number {
  const now = countLint(report);
  return Object.entries(known?.linters[report.tool] ?? {}).reduce(
    (sum, [file, rules]) =>
      sum +
      Object.entries(rules).reduce(
        (gone, [rule, count]) => gone + Math.max(0, count - (now[file]?.[rule] ?? 0)),
        0,
      ),
    0,
  );
}

/** Null where there is no such file: then all is new. @throws TypeError where it is no such file. */
export async function readKnownLint(file: string): Promise<KnownLint | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const known = parse(text);
  if (known === null) throw new TypeError('it does not hold what `vitest-constitution lint --update` writes');
  return known;
}

function parse(text: string): KnownLint | null {
  try {
    const known = JSON.parse(text) as Partial<KnownLint> | null;
    const linters = known?.linters;
    const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
    if (known?.format !== 1 || !isMap(linters)) return null;
    const counts = Object.values(linters as object).flatMap((files) =>
      isMap(files) ? Object.values(files) : [null],
    );
    const isCounted = (rules: unknown) =>
      isMap(rules) && Object.values(rules as object).every((count) => Number.isInteger(count) && count > 0);
    return counts.every(isCounted) ? (known as KnownLint) : null;
  } catch {
    return null;
  }
}
