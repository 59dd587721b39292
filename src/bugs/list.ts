import path from 'node:path';
import { z } from 'zod';
import { loadBaseline } from '../config/baseline.ts';
import { type InspectedBug, inspectSeededBugs } from '../config/bugs.ts';
import { loadYaml } from '../config/load-yaml.ts';
import type { Baseline } from '../core/baseline.ts';
import { ConstitutionError, type ErrorContext } from '../core/errors.ts';
import type { BugRates, ListedBug } from '../core/listed-bug.ts';
import { didYouMean } from '../core/nearest.ts';
import type { BugRole, Split } from '../core/seeded-bug.ts';

export interface ListOptions {
  readonly root: string;
  /** Absolute folder that holds `<role>/<id>/`; default: the project's `seeded-bugs/`. */
  readonly folder?: string;
  readonly role?: BugRole;
  readonly kind?: string;
  readonly split?: Split;
}

const REPORT = 'eval/eval_report.json';
const BASELINE = 'eval/baseline.json';

const runs = z.array(z.object({ outcome: z.number().nullable() }));
/** As much of a report as rates need: one of another version of the package may lack or have other parts. */
const reportSchema = z.object({
  createdAt: z.string(),
  environments: z.array(z.object({ name: z.string(), arm: z.string().nullable() })),
  cases: z.array(z.object({ role: z.string(), bug: z.string(), baseline: runs, candidate: runs })),
});
type Report = z.output<typeof reportSchema>;

/**
 * Every seeded bug with what it is and how often each environment's pipeline repairs it: by the last report, or where
 * that does not have it, by the baseline. Rates are of the project's own bugs only.
 *
 * @returns rows in order of role and id, those with a wrong folder included.
 * @throws ConstitutionError CX-CONFIG-REFERENCE for a kind that no bug has; CX-CONFIG-* for a report or baseline that
 * cannot be read.
 */
export async function listBugs(options: ListOptions): Promise<ListedBug[]> {
  const { root, kind, split, ...selection } = options;
  const inspected = await inspectSeededBugs(root, selection);
  if (kind !== undefined) refuseUnknownKind(kind, inspected);
  const recorded = options.folder === undefined;
  const [report, baseline] = recorded
    ? await Promise.all([
        unlessMissing(loadYaml(path.join(root, REPORT), reportSchema, { root })),
        unlessMissing(loadBaseline(root, path.join(root, BASELINE))),
      ])
    : [null, null];
  return inspected
    .map(
      (one): ListedBug => ({
        key: one.key,
        bug: one.bug,
        error: one.error && {
          code: one.error.code,
          message: one.error.message,
          place: one.error.place ?? null,
        },
        rates: ratesByReport(one, report) ?? ratesByBaseline(one, baseline),
      }),
    )
    .filter(({ bug }) => kind === undefined || bug?.kind === kind)
    .filter(({ bug }) => split === undefined || bug?.split === split);
}

function refuseUnknownKind(kind: string, inspected: readonly InspectedBug[]): void {
  const known = [...new Set(inspected.flatMap(({ bug }) => (bug ? [bug.kind] : [])))];
  if (known.includes(kind)) return;
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `no seeded bug is of the kind "${kind}"`, {
    hint: didYouMean(kind, known),
  } satisfies ErrorContext);
}

function ratesByReport({ role, id }: InspectedBug, report: Report | null): BugRates | null {
  const found = report?.cases.find((one) => one.role === role && one.bug === id);
  if (report === null || found === undefined) return null;
  const [baseline, candidate] = [found.baseline, found.candidate].map((runs) =>
    mean(runs.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]))),
  );
  const byEnvironment: Record<string, number> = {};
  for (const { name, arm } of report.environments) {
    const rate = arm === 'baseline' ? baseline : arm === 'candidate' ? candidate : null;
    if (rate !== null && rate !== undefined) byEnvironment[name] = rate;
  }
  const both = baseline !== null && candidate !== null;
  const won = both && baseline === 1 && candidate === 1;
  const lost = both && baseline === 0 && candidate === 0;
  return {
    source: REPORT,
    at: report.createdAt,
    byEnvironment,
    tells: both ? (won ? 'all-won' : lost ? 'all-lost' : 'apart') : null,
  };
}

function ratesByBaseline({ key }: InspectedBug, baseline: Baseline | null): BugRates | null {
  const rate = mean(baseline?.cases[key]?.outcomes ?? []);
  if (baseline === null || rate === null) return null;
  const byEnvironment = { [baseline.environment.name]: rate };
  return { source: BASELINE, at: baseline.createdAt, byEnvironment, tells: null };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function unlessMissing<T>(loading: Promise<T>): Promise<T | null> {
  return loading.catch((error: unknown) => {
    const missing = ['CX-CONFIG-MISSING', 'CX-BASELINE-MISSING'];
    if (error instanceof ConstitutionError && missing.includes(error.code)) return null;
    throw error;
  });
}
