import type { ReportLm } from './report-lm.ts';
import type { Interval } from './statistics/summary.ts';
import type { Budget } from './verdict/budget.ts';
import { type FalseVerdictRates, isWrongOnEqualArms } from './verdict/false-verdicts.ts';
import type { Improvement } from './verdict/improvement.ts';
import type { Changes, Regression } from './verdict/migration.ts';
import type { Policy } from './verdict/policy.ts';
import type { Status } from './verdict/reason.ts';

/** A budget judged on two sessions of the same pipelines: it should be held. */
type SelfCheckBudget = Pick<Budget, 'metric' | 'limit' | 'relative' | 'interval' | 'status'>;

/** `eval/self-check.json`: an A/A run, in which the baseline was compared with a second session of itself. */
export interface SelfCheck {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** SHA-256 over the code, bugs, locks and settings that it was made from. */
  readonly sourcesSha256: string;
  readonly lm: ReportLm;
  readonly split: string;
  readonly bugs: number;
  readonly repeats: number | null;
  readonly policy: Policy;
  /** Rates of success of both sessions. */
  readonly first: number | null;
  readonly second: number | null;
  /** second / first - 1, with its 95% interval. */
  readonly relative: number | null;
  readonly interval: Interval | null;
  readonly pValue: number | null;
  readonly status: Status;
  /** Roles that were called regressed. */
  readonly regressed: readonly string[];
  readonly budgets: readonly SelfCheckBudget[];
  /** Numbers of bugs. */
  readonly changes: {
    readonly won: number;
    readonly lost: number;
    readonly kept: number;
    readonly flaky: number;
  };
  /** The verdict was false: see `isWrongOnEqualArms`. */
  readonly wrong: boolean;
  /** How often that is to be expected. */
  readonly simulated: FalseVerdictRates | null;
}

/** The latest A/A run, as a later report carries it. */
export interface SelfCheckReport extends SelfCheck {
  /** Milliseconds from it to the report. */
  readonly ageMs: number;
  /** Code, bugs, locks and settings are as they were. */
  readonly current: boolean;
}

/** What is needed of the report of an A/A comparison. */
interface EqualArms {
  readonly createdAt: string;
  readonly lm: ReportLm;
  readonly improvement: Improvement & { readonly split: string; readonly changes: Changes };
  readonly roles: Readonly<Record<string, { readonly regression: Regression }>>;
  readonly budgets: readonly Budget[];
  readonly falseVerdicts: FalseVerdictRates | null;
}

/** What an A/A run says, from the report of a comparison whose candidate is a second session of the baseline. */
export function selfCheckOf(report: EqualArms, sourcesSha256: string): SelfCheck {
  const { improvement, roles } = report;
  const { policy, status, changes } = improvement;
  const regressed = Object.entries(roles)
    .filter(([, role]) => role.regression.regressed)
    .map(([name]) => name);
  return {
    format: 1,
    createdAt: report.createdAt,
    sourcesSha256,
    lm: report.lm,
    split: improvement.split,
    bugs: improvement.bugs,
    repeats: improvement.repeats,
    policy,
    first: improvement.baseline,
    second: improvement.candidate,
    relative: improvement.relative,
    interval: improvement.interval,
    pValue: improvement.pValue,
    status,
    regressed,
    budgets: report.budgets.map(({ metric, limit, relative, interval, status }) => ({
      metric,
      limit,
      relative,
      interval,
      status,
    })),
    changes: {
      won: changes.won.length,
      lost: changes.lost.length,
      kept: changes.kept.length,
      flaky: changes.flaky.length,
    },
    wrong: isWrongOnEqualArms(policy, status, regressed.length > 0),
    simulated: report.falseVerdicts,
  };
}
