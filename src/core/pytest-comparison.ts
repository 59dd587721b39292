import { type PytestFinding, type PytestResult, type PytestRun, verdictOf } from './pytest-run.ts';

/**
 * What became of a test from one environment to the other. A test that is skipped counts as one that is not there: `missing`
 * where only the later one skips it, `new` where only the earlier one does. To skip it is what somebody decided: the later
 * version is not worse for it.
 */
export type PytestChange = 'same' | 'fixed' | 'broken' | 'new' | 'missing';

/** One test, or one file that cannot be imported somewhere, in both environments. JSON-safe. */
export interface PytestRow {
  /** The id that pytest gives the test, or the path of the file. */
  readonly id: string;
  readonly kind: 'test' | 'file';
  readonly change: PytestChange;
  /** Whether the later version is worse for it. */
  readonly worse: boolean;
  /** Whether it does not pass in the later version. */
  readonly failing: boolean;
  /** Null where there is no such test. */
  readonly baseline: PytestResult | null;
  readonly candidate: PytestResult | null;
}

/** A suite in two environments. JSON-safe. */
export interface PytestComparison {
  readonly environments: { readonly baseline: string; readonly candidate: string };
  readonly summary: Readonly<Record<PytestChange, number>> & {
    readonly tests: number;
    /** Rows for which the later version is worse. */
    readonly worse: number;
    /** Tests and files that do not pass in the later version, those included that do not pass in the earlier one either. */
    readonly failing: number;
  };
  readonly rows: readonly PytestRow[];
  readonly findings: readonly (PytestFinding & { readonly environment: string })[];
}

/** What a file that can be imported counts as beside one that cannot. */
export const IMPORTED: PytestResult = {
  outcome: 'passed',
  durationMs: 0,
  message: null,
  detail: null,
  code: null,
};

/** Compares the runs of a suite: every test of either, in the order of the later one. */
export function comparePytestRuns(baseline: PytestRun, candidate: PytestRun): PytestComparison {
  const rows = [
    ...idsOf(baseline.files, candidate.files).map((id) =>
      rowOf(id, 'file', baseline.files[id] ?? IMPORTED, candidate.files[id] ?? IMPORTED),
    ),
    ...idsOf(baseline.tests, candidate.tests).map((id) =>
      rowOf(id, 'test', baseline.tests[id] ?? null, candidate.tests[id] ?? null),
    ),
  ];
  const count = (change: PytestChange) => rows.filter((row) => row.change === change).length;
  return {
    environments: { baseline: baseline.environment, candidate: candidate.environment },
    summary: {
      tests: rows.filter(({ kind }) => kind === 'test').length,
      same: count('same'),
      fixed: count('fixed'),
      broken: count('broken'),
      new: count('new'),
      missing: count('missing'),
      worse: rows.filter(({ worse }) => worse).length,
      failing: rows.filter(({ failing }) => failing).length,
    },
    rows,
    findings: [baseline, candidate].flatMap(({ environment, findings }) =>
      findings.map((finding) => ({ environment, ...finding })),
    ),
  };
}

/** One row; {@link comparePytestRuns} for a single test. */
export function rowOf(
  id: string,
  kind: PytestRow['kind'],
  baseline: PytestResult | null,
  candidate: PytestResult | null,
): PytestRow {
  const before = baseline === null ? null : verdictOf(baseline);
  const after = candidate === null ? null : verdictOf(candidate);
  const change = changeOf(before, after);
  const worse =
    change === 'broken' || (change === 'new' && after === false) || (candidate === null && before === true);
  return { id, kind, change, worse, failing: after === false, baseline, candidate };
}

function changeOf(before: boolean | null, after: boolean | null): PytestChange {
  if (before === after) return 'same';
  if (before === null) return 'new';
  if (after === null) return 'missing';
  return after ? 'fixed' : 'broken';
}

/** Those of the later one in their order; each that it lacks follows the one that it follows in the earlier one. */
export function idsOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const following = new Map<string | undefined, string[]>();
  let last: string | undefined;
  for (const id of Object.keys(before)) {
    if (Object.hasOwn(after, id)) last = id;
    else following.set(last, [...(following.get(last) ?? []), id]);
  }
  return [
    ...(following.get(undefined) ?? []),
    ...Object.keys(after).flatMap((id) => [id, ...(following.get(id) ?? [])]),
  ];
}
