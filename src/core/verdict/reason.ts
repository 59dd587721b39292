/** What a judgement comes to. */
export type Status = 'pass' | 'fail' | 'inconclusive';

/** The verdict of a whole run: `error` where broken infrastructure left nothing to judge. */
export type VerdictStatus = Status | 'error';

/**
 * Every reason a verdict can give: stable codes; the sentences are made in `report`. The comment after each
 * names its values.
 */
export const REASON_CODES = {
  // improvement; values: bugs, and the figures that the rule compared
  'improvement-shown': 'At least the improvement asked for was seen, and it is more than chance.',
  'improvement-refuted': 'The improvement asked for is out of reach of the upper bound.',
  'improvement-by-chance': 'At least the improvement asked for was seen, but chance could have made it.',
  'improvement-below-threshold': 'Less than the improvement asked for was seen, but it is not ruled out.',
  'non-inferiority-shown': 'A loss of the margin is ruled out.',
  'non-inferiority-refuted': 'The candidate lost more than the margin.',
  'non-inferiority-open': 'A loss of the margin is neither ruled out nor shown.',
  'no-bugs': 'There is no bug to judge by.',
  'one-bug': 'One bug has no spread: nothing can be said from it.',
  'baseline-at-zero': 'The baseline repairs nothing: a relative improvement does not exist.',
  'baseline-at-ceiling': 'The baseline is so good that the improvement asked for exceeds 100%.',
  // beside the improvement
  'role-regressed': 'A role got worse by more than chance (Holm-corrected over roles).',
  'pairs-incomplete': 'Some bugs lack a scored run of one arm and are left out.',
  'repeats-uneven': 'Bugs or arms have different numbers of repeats.',
  'runs-errored': 'Some runs ended with an error and count as not repaired.',
  // budgets; values: metric, limit, lower, upper
  'budget-held': 'The upper bound of the ratio of means is within the limit.',
  'budget-exceeded': 'The lower bound of the ratio of means is beyond the limit.',
  'budget-open': 'The limit lies between the bounds of the ratio of means.',
  'budget-too-few-bugs': 'Too few bugs for bounds on a ratio.',
  'budget-not-comparable': 'The figures of the two arms were not measured alike.',
  'budget-tail-exceeded': 'The lower bound of the ratio of 95th percentiles is beyond the limit.',
  'budget-tail-open': 'The limit lies between the bounds of the ratio of 95th percentiles.',
  'budget-soft-exceeded': 'What was seen is beyond a soft limit.',
  // laws and tests
  'violations-present': 'The output of the candidate breaks rules that must never be broken.',
  'articles-broken': 'Findings of blocking articles.',
  'tests-failed': 'Tests failed.',
  'component-regressed': 'A component of tier 1 does not hold in the candidate.',
  'component-differs': 'A component of a lower tier does not hold in the candidate.',
  'overhead-exceeded': 'The plugin costs more than its limit: the lower bound is beyond it.',
  'overhead-open': 'The limit lies between the bounds of what the plugin costs.',
  'overhead-held': 'The upper bound of what the plugin costs is within the limit.',
  'infrastructure-failed': 'The run was broken by something that is not the pipeline.',
} as const;

export type ReasonCode = keyof typeof REASON_CODES;

export type ReasonValues = Readonly<Record<string, string | number | boolean | null>>;

/** One typed reason: what it brings the verdict to, and the figures behind it. */
export interface Reason {
  readonly code: ReasonCode;
  /** What this reason alone would make of the verdict; `note` leaves it as it is. */
  readonly status: VerdictStatus | 'note';
  /** `together`, a role, `budget:<metric>`, `budget:<metric>:<role>`, `constitution`, `tests`, `components` or `infrastructure`. */
  readonly scope: string;
  readonly values: ReasonValues;
}
