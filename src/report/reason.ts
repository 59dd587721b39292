import { REASON_CODES, type Reason } from '../core/verdict/reason.ts';
import { count, signedPercent } from './format.ts';

type Values = Reason['values'];

/** One sentence for a reason of the verdict, with the figures that it rests on. */
export function describeReason(reason: Reason): string {
  const text = TEXTS[reason.code];
  const where = reason.scope === 'together' ? '' : ` (${reason.scope})`;
  return `${text ? text(reason.values) : REASON_CODES[reason.code]}${where}`;
}

const percent = (value: Values[string] | undefined) =>
  typeof value === 'number' ? signedPercent(value, 1) : 'n/a';
const rate = (value: Values[string] | undefined) =>
  typeof value === 'number' ? `${(value * 100).toFixed(1)} %` : 'n/a';
const number = (value: Values[string] | undefined) =>
  typeof value === 'number' ? value.toPrecision(2) : 'n/a';
const rates = (v: Values) => `${rate(v['baseline'])} → ${rate(v['candidate'])}`;

/** Reasons that say more with their figures; the others are told by their table entry alone. */
const TEXTS: Partial<Record<Reason['code'], (values: Values) => string>> = {
  'improvement-shown': (v) =>
    `${rates(v)}: the improvement asked for, and more than chance (p = ${number(v['p'])})`,
  'improvement-refuted': (v) => `${rates(v)}: an improvement of ${percent(v['threshold'])} is out of reach`,
  'improvement-by-chance': (v) =>
    `${rates(v)}: the improvement asked for was seen, but chance could have made it (p = ${number(v['p'])})`,
  'improvement-below-threshold': (v) =>
    `${rates(v)}: less than ${percent(v['threshold'])}, but it is not ruled out`,
  'role-regressed': (v) =>
    `a role got worse by more than chance: ${rates(v)} (p = ${number(v['adjustedP'])})`,
  'pairs-incomplete': (v) =>
    `${count(Number(v['count']), 'bug')} without a scored run of both arms, first ${v['first']}`,
  'runs-errored': (v) =>
    `runs that ended with an error and count as not repaired: ${v['baseline']} baseline, ${v['candidate']} candidate`,
  'budget-held': (v) =>
    `${v['metric']} held: at most ${percent(v['upper'])} of ${percent(v['limit'])} allowed`,
  'budget-exceeded': (v) =>
    `${v['metric']} exceeded: at least ${percent(v['lower'])}, allowed are ${percent(v['limit'])}`,
  'budget-open': (v) =>
    `${v['metric']} undecided: between ${percent(v['lower'])} and ${percent(v['upper'])}, allowed are ${percent(v['limit'])}`,
  'budget-tail-exceeded': (v) =>
    `95th percentile of ${v['metric']} exceeded: at least ${percent(v['lower'])}, allowed are ${percent(v['limit'])}`,
  'budget-tail-open': (v) =>
    `95th percentile of ${v['metric']} undecided: between ${percent(v['lower'])} and ${percent(v['upper'])}, allowed are ${percent(v['limit'])}`,
  'budget-soft-exceeded': (v) =>
    `${v['of'] === 'p95' ? '95th percentile of ' : ''}${v['metric']} at ${percent(v['relative'])}, a warning is given from ${percent(v['limit'])} on`,
  'violations-present': (v) => `${count(Number(v['count']), 'broken rule')} in the output of the candidate`,
  'articles-broken': (v) => `${count(Number(v['blocking']), 'finding')} of blocking articles`,
  'component-regressed': (v) => `components of tier 1 that do not hold in the candidate: ${v['names']}`,
  'component-differs': (v) => `components of lower tiers that do not hold in the candidate: ${v['names']}`,
  'overhead-exceeded': (v) =>
    `the plugin costs more than ${percent(v['limit'])} of the suite's time: the lower end of the 95 % interval is ${percent(v['lower'])}`,
  'overhead-open': (v) =>
    `whether the plugin costs more than ${percent(v['limit'])} of the suite's time is open: the 95 % interval is ${percent(v['lower'])} to ${percent(v['upper'])}`,
  'overhead-held': (v) =>
    `the plugin costs no more than ${percent(v['limit'])} of the suite's time: the upper end of the 95 % interval is ${percent(v['upper'])}`,
  'tests-failed': (v) => `${count(Number(v['failed']), 'test')} failed`,
  'infrastructure-failed': (v) =>
    `${count(Number(v['count']), 'error')} of infrastructure, first ${v['first']}`,
};
