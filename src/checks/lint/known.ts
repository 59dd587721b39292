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
  // Maps: a file may have the name of what every object inherits.
  const counts = new Map<string, Map<string, number>>();
  for (const { file, rule } of violations) {
    const ofFile = counts.get(file) ?? new Map<string, number>();
    counts.set(file, ofFile.set(rule, (ofFile.get(rule) ?? 0) + 1));
  }
  const ordered = [...counts]
    .sort(byName)
    .map(([file, rules]) => [file, Object.fromEntries([...rules].sort(byName))]);
  return Object.fromEntries(ordered) as LintCounts;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function numberOf(counts: LintCounts | undefined, file: string, rule: string): number {
  const rules = counts && Object.hasOwn(counts, file) ? counts[file] : undefined;
  return rules && Object.hasOwn(rules, rule) ? (rules[rule] ?? 0) : 0;
}

/** What is new in a report. */
export function newLint(report: LintReport, known: KnownLint | null): NewLint[] {
  const before = ofTool(known, report);
  return Object.entries(countLint(report)).flatMap(([file, rules]) =>
    Object.entries(rules).flatMap(([rule, count]): NewLint[] => {
      const accepted = numberOf(before, file, rule);
      if (count <= accepted) return [];
      const last = report.violations.findLast((one) => one.file === file && one.rule === rule);
      return [{ file, rule, count, known: accepted, line: last?.line ?? null }];
    }),
  );
}

/** How many known violations are gone: what is known should then be renewed, so that they stay away. */
export function goneLint(report: LintReport, known: KnownLint | null): number {
  const now = countLint(report);
  const before = Object.entries(ofTool(known, report) ?? {});
  const gone = before.flatMap(([file, rules]) =>
    Object.entries(rules).map(([rule, count]) => Math.max(0, count - numberOf(now, file, rule))),
  );
  return gone.reduce((sum, one) => sum + one, 0);
}

function ofTool(known: KnownLint | null, { tool }: LintReport): LintCounts | undefined {
  return known !== null && Object.hasOwn(known.linters, tool) ? known.linters[tool] : undefined;
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
