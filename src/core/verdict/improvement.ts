import { bootstrapPaired, DEFAULT_RESAMPLES } from '../statistics/bootstrap.ts';
import {
  mcNemarExact,
  newcombePairedInterval,
  type PairedTable,
  wilsonInterval,
} from '../statistics/proportions.ts';
import { type MeanBounds, pseudoBugBounds } from '../statistics/pseudo-bugs.ts';
import { createRandom } from '../statistics/random.ts';
import { signFlipTest } from '../statistics/sign-flip.ts';
import { type Interval, mean } from '../statistics/summary.ts';
import { type Need, NO_NEED, neededSample } from './need.ts';
import { type Columns, columnsOf, type OutcomeRow, orderedRows, repeatRange } from './paired-row.ts';
import { type Policy, requirePolicy } from './policy.ts';
import type { Reason, ReasonValues, Status } from './reason.ts';

/** Settings that, with the rows, determine every figure. */
export interface JudgeOptions {
  readonly policy: Policy;
  /** Any text; equal seeds give equal figures. */
  readonly seed: string;
  /** Of the bootstrap; 0 leaves the intervals out, which no decision rests on. */
  readonly resamples?: number;
}

/** What can be said of single runs by the textbook: the paired table, tests and 95% intervals for it. */
export interface SingleRunComparison {
  readonly table: PairedTable;
  /** McNemar's exact test, two-sided. */
  readonly mcNemarP: number;
  /** Newcombe's, of candidate - baseline. */
  readonly newcombe: Interval;
  /** Wilson's, of each arm's rate. */
  readonly wilson: { readonly baseline: Interval; readonly candidate: Interval };
}

/** The comparison of two arms over the same bugs. Rates are means over bugs of mean outcomes, in 0..1. */
export interface Improvement {
  readonly bugs: number;
  /** Repeats of each bug in each arm (the fewest, where they differ); null without bugs. */
  readonly repeats: number | null;
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** (candidate - baseline) / baseline; null where the baseline is 0. */
  readonly relative: number | null;
  /** candidate - baseline. */
  readonly absolute: number | null;
  /**
   * 95% interval of `relative`; null where `relative` is, and where the bugs show no spread (fewer than two, or
   * the same difference in all): a bootstrap would give it the width 0, a certainty nobody has.
   */
  readonly interval: Interval | null;
  /** 95% interval of `absolute`; null where the bugs show no spread. */
  readonly absoluteInterval: Interval | null;
  /**
   * What the fail rule (and non-inferiority) is decided on: mean and one-sided 1 - alpha bounds of
   * candidate - (1 + threshold) baseline, or of candidate - baseline + margin.
   */
  readonly excess: Omit<MeanBounds, 'pAbove'> | null;
  /** One-sided; of the sign-flip test for improvement, of the t test on `excess` for non-inferiority. */
  readonly pValue: number | null;
  readonly pMethod: 'exact' | 'monte-carlo' | 'student-t' | null;
  /** Only for one repeat of pass/fail outcomes. */
  readonly single: SingleRunComparison | null;
  readonly status: Status;
  readonly reasons: readonly Reason[];
  /** null where the status is decided. */
  readonly need: Need | null;
  readonly policy: Policy;
  readonly seed: string;
  readonly resamples: number;
}

/** Rates such as 0.4 * 1.15 are not exact in binary: a threshold that is met to this much is met. */
const ROUNDING = 1e-9;
/** Confidence of the intervals that are shown. */
const SHOWN_LEVEL = 0.95;

/**
 * Compares two arms by the policy. Improvement: *pass* when the candidate's rate is at least (1 + threshold)
 * times the baseline's, above it, and the one-sided sign-flip test on the paired differences gives p <= alpha; else
 * *fail* when the 1 - alpha upper bound of mean(candidate - (1 + threshold) baseline) is below 0; else
 * *inconclusive*. Non-inferiority: *pass* when the lower bound of mean(candidate - baseline + margin) is above 0,
 * *fail* when its upper bound is below 0. Pure: equal rows (in any order), policy and seed give an equal result.
 *
 * Throws `CX-VERDICT-INPUT` and `CX-STATISTICS-INPUT` for rows or policies that are out of range.
 */
export function judgeImprovement(
  unordered: readonly OutcomeRow[],
  { policy, seed, resamples = DEFAULT_RESAMPLES }: JudgeOptions,
  scope = 'together',
): Improvement {
  requirePolicy(policy);
  const rows = orderedRows(unordered, 1);
  const settings = { policy, seed, resamples };
  const repeats = repeatRange(rows);
  if (repeats === null)
    return { ...NOTHING, ...settings, reasons: [reason('no-bugs', 'inconclusive', scope, {})] };

  const columns = columnsOf(rows);
  const baseline = mean(columns.baseline);
  const candidate = mean(columns.candidate);
  const relative = baseline > 0 ? candidate / baseline - 1 : null;
  const gains = differences(columns);
  const intervals =
    resamples === 0 || gains.every((gain) => gain === gains[0])
      ? null
      : bootstrapPaired(columns.baseline, columns.candidate, {
          random: createRandom(`${seed}/${scope}/bootstrap`),
          resamples,
          level: SHOWN_LEVEL,
        });
  const excess = pseudoBugBounds(excessOf(columns, policy), policy.alpha);
  const test =
    policy.kind === 'improvement'
      ? signFlipTest(gains, { random: createRandom(`${seed}/${scope}/sign-flip`) })
      : ({ p: excess.pAbove, method: 'student-t' } as const);
  const figures: Figures = { bugs: rows.length, baseline, candidate, p: test.p, excess };
  const decision = decide(figures, policy);
  return {
    ...settings,
    bugs: rows.length,
    repeats: repeats.least,
    baseline,
    candidate,
    relative,
    absolute: candidate - baseline,
    interval: relative === null ? null : (intervals?.relative ?? null),
    absoluteInterval: intervals?.absolute ?? null,
    excess: { mean: excess.mean, lower: excess.lower, upper: excess.upper },
    pValue: test.p,
    pMethod: test.method,
    single: repeats.most === 1 ? compareSingleRuns(columns) : null,
    status: decision.status,
    reasons: [
      reason(decision.code, decision.status, scope, decision.values),
      ...remarks(figures, policy, scope, repeats),
    ],
    need: decision.status === 'inconclusive' ? neededSample(rows, policy) : null,
  };
}

const NOTHING = {
  bugs: 0,
  repeats: null,
  baseline: null,
  candidate: null,
  relative: null,
  absolute: null,
  interval: null,
  absoluteInterval: null,
  excess: null,
  pValue: null,
  pMethod: null,
  single: null,
  status: 'inconclusive',
  need: NO_NEED,
} as const;

interface Figures {
  readonly bugs: number;
  readonly baseline: number;
  readonly candidate: number;
  readonly p: number;
  readonly excess: MeanBounds;
}

interface Decision {
  readonly status: Status;
  readonly code: Reason['code'];
  readonly values: ReasonValues;
}

function decide({ bugs, baseline, candidate, p, excess }: Figures, policy: Policy): Decision {
  const { alpha } = policy;
  const bounds = { bugs, baseline, candidate, alpha, p, lower: excess.lower, upper: excess.upper };
  if (policy.kind === 'non-inferiority') {
    const values = { ...bounds, margin: policy.margin };
    if (excess.lower > 0) return { status: 'pass', code: 'non-inferiority-shown', values };
    if (excess.upper < 0) return { status: 'fail', code: 'non-inferiority-refuted', values };
    return { status: 'inconclusive', code: bugs === 1 ? 'one-bug' : 'non-inferiority-open', values };
  }
  const values = { ...bounds, threshold: policy.threshold };
  const reached = excess.mean >= -ROUNDING && candidate > baseline;
  if (reached && p <= alpha) return { status: 'pass', code: 'improvement-shown', values };
  if (excess.upper < 0) return { status: 'fail', code: 'improvement-refuted', values };
  if (bugs === 1) return { status: 'inconclusive', code: 'one-bug', values };
  return {
    status: 'inconclusive',
    code: reached ? 'improvement-by-chance' : 'improvement-below-threshold',
    values,
  };
}

function remarks(
  { bugs, baseline }: Figures,
  policy: Policy,
  scope: string,
  repeats: { readonly least: number; readonly most: number },
): Reason[] {
  const notes: Reason[] = [];
  if (baseline === 0) notes.push(reason('baseline-at-zero', 'note', scope, { bugs }));
  if (policy.kind === 'improvement' && baseline * (1 + policy.threshold) > 1 + ROUNDING) {
    notes.push(reason('baseline-at-ceiling', 'note', scope, { bugs, baseline, threshold: policy.threshold }));
  }
  if (repeats.least !== repeats.most) notes.push(reason('repeats-uneven', 'note', scope, { ...repeats }));
  return notes;
}

function reason(code: Reason['code'], status: Reason['status'], scope: string, values: ReasonValues): Reason {
  return { code, status, scope, values };
}

/** candidate - baseline, bug by bug. */
export function differences({ baseline, candidate }: Columns): Float64Array {
  return candidate.map((outcome, bug) => outcome - (baseline[bug] as number));
}

function excessOf({ baseline, candidate }: Columns, policy: Policy): Float64Array {
  return policy.kind === 'improvement'
    ? candidate.map((outcome, bug) => outcome - (1 + policy.threshold) * (baseline[bug] as number))
    : candidate.map((outcome, bug) => outcome - (baseline[bug] as number) + policy.margin);
}

function compareSingleRuns({ baseline, candidate }: Columns): SingleRunComparison | null {
  const table = { both: 0, onlyBaseline: 0, onlyCandidate: 0, neither: 0 };
  for (let bug = 0; bug < baseline.length; bug++) {
    const b = baseline[bug] as number;
    const c = candidate[bug] as number;
    if ((b !== 0 && b !== 1) || (c !== 0 && c !== 1)) return null;
    if (b === 1) table[c === 1 ? 'both' : 'onlyBaseline']++;
    else table[c === 1 ? 'onlyCandidate' : 'neither']++;
  }
  const repaired = { baseline: table.both + table.onlyBaseline, candidate: table.both + table.onlyCandidate };
  return {
    table,
    mcNemarP: mcNemarExact(table).twoSided,
    newcombe: newcombePairedInterval(table),
    wilson: {
      baseline: wilsonInterval(repaired.baseline, baseline.length),
      candidate: wilsonInterval(repaired.candidate, candidate.length),
    },
  };
}
