import { holm } from '../statistics/holm.ts';
import { createRandom } from '../statistics/random.ts';
import { signFlipTest } from '../statistics/sign-flip.ts';
import { mean } from '../statistics/summary.ts';
import { differences, type Improvement, type JudgeOptions, judgeImprovement } from './improvement.ts';
import { bugKey, columnsOf, type OutcomeRow, orderedRows } from './paired-row.ts';

/** Whether a role got worse. */
export interface Regression {
  /** One-sided sign-flip p of baseline - candidate. */
  readonly pValue: number;
  /** The same after Holm's correction over the roles. */
  readonly adjustedP: number;
  /** adjustedP <= alpha. */
  readonly regressed: boolean;
}

/** A role's own comparison beside the pooled one. */
export interface RoleImprovement extends Improvement {
  readonly regression: Regression;
}

/** Keys (`role/bug`) by what changed. */
export interface Changes {
  /** Higher mean outcome in the candidate. */
  readonly won: readonly string[];
  readonly lost: readonly string[];
  /** Equal mean outcomes. */
  readonly kept: readonly string[];
  /** Mixed repeats in either arm; each is in one of the other lists too. */
  readonly flaky: readonly string[];
}

export interface MigrationOptions extends JudgeOptions {
  /** Roles to report even where no row is theirs. */
  readonly roles?: readonly string[];
}

/** The comparison of a whole migration. */
export interface Migration {
  readonly together: Improvement;
  readonly roles: Readonly<Record<string, RoleImprovement>>;
  readonly changes: Changes;
}

/**
 * Judges all bugs together and each role beside it. A role's status is shown; what blocks is its regression,
 * tested against the candidate and corrected over roles by Holm's procedure at the policy's alpha.
 */
export function judgeMigration(unordered: readonly OutcomeRow[], options: MigrationOptions): Migration {
  const rows = orderedRows(unordered, 1);
  const roles = Object.entries(judgeRegressions(rows, options)).map(
    ([role, regression]): [string, RoleImprovement] => [
      role,
      { ...judgeImprovement(rowsOf(rows, role), options, role), regression },
    ],
  );
  return {
    together: judgeImprovement(rows, options),
    roles: Object.fromEntries(roles),
    changes: changesOf(rows),
  };
}

/** Whether each role got worse, in the order of their names; the rest of {@link judgeMigration} is left out. */
export function judgeRegressions(
  unordered: readonly OutcomeRow[],
  { policy, seed, roles = [] }: MigrationOptions,
): Record<string, Regression> {
  const rows = orderedRows(unordered, 1);
  const names = [...new Set([...roles, ...rows.map((row) => row.role)])].sort();
  const pValues = names.map((role) => regressionP(rowsOf(rows, role), `${seed}/${role}/regression`));
  const adjusted = holm(pValues);
  const regressions = names.map((role, index): [string, Regression] => {
    const adjustedP = adjusted[index] as number;
    return [role, { pValue: pValues[index] as number, adjustedP, regressed: adjustedP <= policy.alpha }];
  });
  return Object.fromEntries(regressions);
}

function rowsOf(rows: readonly OutcomeRow[], role: string): OutcomeRow[] {
  return rows.filter((row) => row.role === role);
}

function regressionP(rows: readonly OutcomeRow[], seed: string): number {
  const losses = differences(columnsOf(rows)).map((difference) => -difference);
  return signFlipTest(losses, { random: createRandom(seed) }).p;
}

/** Means of the same outcomes in another order may differ by so much. */
const ROUNDING = 1e-9;

/** How a bug fared: by its mean outcome, higher in the candidate, lower, or equal. */
export type Change = 'won' | 'lost' | 'kept';

/** Compares the mean outcomes of a bug. */
export function changeOf(row: OutcomeRow): Change {
  const difference = mean(row.candidate) - mean(row.baseline);
  if (difference > ROUNDING) return 'won';
  return difference < -ROUNDING ? 'lost' : 'kept';
}

/** Whether the repeats of a bug are mixed in either arm: another session may turn it round. */
export function isFlaky({ baseline, candidate }: OutcomeRow): boolean {
  return isMixed(baseline) || isMixed(candidate);
}

/** Sorts bugs into won, lost and kept, and marks the flaky ones. */
export function changesOf(rows: readonly OutcomeRow[]): Changes {
  const changes = { won: [] as string[], lost: [] as string[], kept: [] as string[], flaky: [] as string[] };
  for (const row of rows) {
    changes[changeOf(row)].push(bugKey(row));
    if (isFlaky(row)) changes.flaky.push(bugKey(row));
  }
  return changes;
}

function isMixed(outcomes: readonly number[]): boolean {
  return outcomes.some((outcome) => outcome !== outcomes[0]);
}
