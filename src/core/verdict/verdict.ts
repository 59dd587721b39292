import type { Budget } from './budget.ts';
import type { Migration } from './migration.ts';
import type { Reason, VerdictStatus } from './reason.ts';

/** Everything the verdict of a run rests on. */
export interface VerdictInput {
  readonly migration: Migration;
  readonly budgets: readonly Budget[];
  /** Bugs (`role/bug`) left out because an arm has no scored run. */
  readonly incomplete: readonly string[];
  /** Errored runs of the pipelines themselves: counted as outcome 0 already, named here. */
  readonly erroredRuns: { readonly baseline: number; readonly candidate: number };
  /** Broken rules in the candidate's output, by role, for the roles where none is allowed. */
  readonly violations: Readonly<Record<string, number>>;
  readonly findings: { readonly blocking: number; readonly warning: number };
  readonly tests: { readonly failed: number };
  /** Components that do not hold in the candidate: those of tier 1, and the others. */
  readonly components?: { readonly blocking: readonly string[]; readonly others: readonly string[] } | null;
  /** What the plugin costs, by the latest paired run; null where there is none. */
  readonly overhead?: { readonly lower: number; readonly upper: number; readonly limit: number } | null;
  /** Codes of errors that are no pipeline's: the run could not be judged. */
  readonly infrastructure: readonly string[];
  /** Exit code of an inconclusive verdict, 2 unless a team decides otherwise. */
  readonly inconclusiveExitCode?: 0 | 1 | 2;
}

/** The outcome of a run, with every reason. */
export interface Verdict {
  readonly status: VerdictStatus;
  /** Those that made the status first. */
  readonly reasons: readonly Reason[];
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** From the least to the most weighty: a verdict is what its weightiest reason says. */
const WEIGHT = { note: 0, pass: 1, inconclusive: 2, fail: 3, error: 4 } as const;

/**
 * One verdict from all judgements. Broken infrastructure dominates (nothing was judged), then failure, then doubt:
 * exit code 3, 1, 2; only a run in which everything passed ends with 0. A role's own status is shown, not counted;
 * a role that regressed fails the verdict whatever the pool says.
 */
export function combineVerdict(input: VerdictInput): Verdict {
  const reasons = [
    ...input.migration.together.reasons,
    ...regressions(input.migration),
    ...input.budgets.flatMap((budget) => budget.reasons),
    ...completeness(input),
    ...laws(input),
    ...brokenComponents(input),
  ].sort((a, b) => WEIGHT[b.status] - WEIGHT[a.status]);
  const weightiest = reasons[0]?.status ?? 'note';
  const status = weightiest === 'note' ? 'inconclusive' : weightiest;
  return { status, reasons, exitCode: exitCode(status, input.inconclusiveExitCode ?? 2) };
}

function exitCode(status: VerdictStatus, inconclusive: 0 | 1 | 2): Verdict['exitCode'] {
  return ({ pass: 0, fail: 1, inconclusive, error: 3 } as const)[status];
}

function regressions(migration: Migration): Reason[] {
  return Object.entries(migration.roles)
    .filter(([, role]) => role.regression.regressed)
    .map(([scope, role]) => ({
      code: 'role-regressed',
      status: 'fail',
      scope,
      values: {
        baseline: role.baseline,
        candidate: role.candidate,
        p: role.regression.pValue,
        adjustedP: role.regression.adjustedP,
      },
    }));
}

/** What is missing forbids a pass, since it might have been the bugs that went wrong. */
function completeness({ incomplete, erroredRuns }: VerdictInput): Reason[] {
  const reasons: Reason[] = [];
  if (incomplete.length > 0) {
    const values = { count: incomplete.length, first: incomplete[0] ?? null };
    reasons.push({ code: 'pairs-incomplete', status: 'inconclusive', scope: 'together', values });
  }
  if (erroredRuns.baseline + erroredRuns.candidate > 0) {
    reasons.push({ code: 'runs-errored', status: 'note', scope: 'together', values: { ...erroredRuns } });
  }
  return reasons;
}

function brokenComponents({ components }: VerdictInput): Reason[] {
  const reason = (names: readonly string[], code: Reason['code'], status: Reason['status']): Reason[] =>
    names.length === 0
      ? []
      : [{ code, status, scope: 'components', values: { count: names.length, names: names.join(', ') } }];
  return [
    ...reason(components?.blocking ?? [], 'component-regressed', 'fail'),
    ...reason(components?.others ?? [], 'component-differs', 'note'),
  ];
}

function laws({ violations, findings, tests, overhead, infrastructure }: VerdictInput): Reason[] {
  const reasons: Reason[] = [];
  for (const [scope, count] of Object.entries(violations)) {
    if (count > 0) reasons.push({ code: 'violations-present', status: 'fail', scope, values: { count } });
  }
  if (findings.blocking > 0) {
    reasons.push({ code: 'articles-broken', status: 'fail', scope: 'constitution', values: { ...findings } });
  }
  if (tests.failed > 0) {
    reasons.push({ code: 'tests-failed', status: 'fail', scope: 'tests', values: { failed: tests.failed } });
  }
  if (overhead) {
    const { lower, upper, limit } = overhead;
    // Doubt about a few percent is told, and decides nothing.
    const [code, status] =
      lower > limit
        ? (['overhead-exceeded', 'fail'] as const)
        : upper > limit
          ? (['overhead-open', 'note'] as const)
          : (['overhead-held', 'note'] as const);
    reasons.push({ code, status, scope: 'overhead', values: { lower, upper, limit } });
  }
  if (infrastructure.length > 0) {
    const values = { count: infrastructure.length, first: infrastructure[0] ?? null };
    reasons.push({ code: 'infrastructure-failed', status: 'error', scope: 'infrastructure', values });
  }
  return reasons;
}
