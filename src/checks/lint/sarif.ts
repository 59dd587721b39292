import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One result of a linter. */
export interface LintViolation {
  /** Relative to the root, `/` as separator; empty where the linter names none. */
  readonly file: string;
  readonly rule: string;
  /** From 1; null where the linter names none. */
  readonly line: number | null;
}

/** What a linter found in a project. */
export interface LintReport {
  /** The linter's own name for itself, e.g. `ruff`. */
  readonly tool: string;
  /** In the order of files and lines. */
  readonly violations: readonly LintViolation[];
}

/** The output is no SARIF. */
export class NotSarif extends Error {}

/**
 * Reads what a linter printed in SARIF 2.1.0 (OASIS), of which it needs `runs[].tool.driver.name`, and of each result
 * `ruleId` and its first location. Nothing is taken on trust: it is another program's output.
 *
 * @param root Absolute; files below it are named relative to it.
 * @throws NotSarif
 */
export function readSarif(text: string, root: string): LintReport {
  let log: unknown;
  try {
    log = JSON.parse(text);
  } catch {
    throw new NotSarif('the output is not JSON');
  }
  const runs = list(field(log, 'runs'));
  const tool = runs === null ? undefined : field(runs[0], 'tool', 'driver', 'name');
  if (runs === null || typeof tool !== 'string' || tool === '')
    throw new NotSarif('the output has no `runs` with a tool');
  const violations = runs.flatMap((run) =>
    (list(field(run, 'results')) ?? []).map((result) => violation(result, root)),
  );
  return { tool, violations: violations.sort(byPlace) };
}

function violation(result: unknown, root: string): LintViolation {
  const place = field(list(field(result, 'locations'))?.[0], 'physicalLocation');
  const uri = field(place, 'artifactLocation', 'uri');
  const line = field(place, 'region', 'startLine');
  const rule = field(result, 'ruleId') ?? field(result, 'rule', 'id');
  return {
    file: typeof uri === 'string' ? fileOf(uri, root) : '',
    rule: typeof rule === 'string' && rule !== '' ? rule : 'unnamed',
    line: typeof line === 'number' && Number.isInteger(line) && line > 0 ? line : null,
  };
}

/** Linters write `src/a.py`, `./src/a.py`, `/project/src/a.py` or `file:///project/src/a.py`. */
function fileOf(uri: string, root: string): string {
  let name = uri;
  try {
    name = uri.startsWith('file:') ? fileURLToPath(uri) : decodeURI(uri);
  } catch {
    // Left as it is written.
  }
  return path.relative(root, path.resolve(root, name)).split(path.sep).join('/');
}

function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, name)
        ? (found as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

function list(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

function byPlace(a: LintViolation, b: LintViolation): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}
