import { expect, test } from 'vitest';
import type { Reason } from '../core/verdict/reason.ts';
import { describeReason } from './reason.ts';

const RATES = { baseline: 0.25, candidate: 0.4 };

test.each<[Reason['code'], Reason['values'], string]>([
  [
    'improvement-shown',
    { ...RATES, p: 0.0123 },
    '25.0 % → 40.0 %: the improvement asked for, and more than chance (p = 0.012)',
  ],
  [
    'improvement-refuted',
    { ...RATES, threshold: 0.1 },
    '25.0 % → 40.0 %: an improvement of +10.0 % is out of reach',
  ],
  [
    'improvement-by-chance',
    { ...RATES, p: 0.2 },
    '25.0 % → 40.0 %: the improvement asked for was seen, but chance could have made it (p = 0.20)',
  ],
  [
    'improvement-below-threshold',
    { ...RATES, threshold: 0.1 },
    '25.0 % → 40.0 %: less than +10.0 %, but it is not ruled out',
  ],
  [
    'role-regressed',
    { baseline: 0.4, candidate: 0.2, adjustedP: 0.01 },
    'a role got worse by more than chance: 40.0 % → 20.0 % (p = 0.010)',
  ],
  [
    'pairs-incomplete',
    { count: 1, first: 'coder/add' },
    '1 bug without a scored run of both arms, first coder/add',
  ],
  [
    'runs-errored',
    { baseline: 2, candidate: 0 },
    'runs that ended with an error and count as not repaired: 2 baseline, 0 candidate',
  ],
  [
    'budget-held',
    { metric: 'tokens', upper: -0.2, limit: 0.25 },
    'tokens held: at most -20.0 % of +25.0 % allowed',
  ],
  [
    'budget-exceeded',
    { metric: 'tokens', lower: 0.3, limit: 0.25 },
    'tokens exceeded: at least +30.0 %, allowed are +25.0 %',
  ],
  [
    'budget-open',
    { metric: 'latency', lower: 0.1, upper: 0.3, limit: 0.2 },
    'latency undecided: between +10.0 % and +30.0 %, allowed are +20.0 %',
  ],
  ['violations-present', { count: 2 }, '2 broken rules in the output of the candidate'],
  ['articles-broken', { blocking: 1 }, '1 finding of blocking articles'],
  [
    'component-regressed',
    { names: 'cache' },
    'components of tier 1 that do not hold in the candidate: cache',
  ],
  [
    'component-differs',
    { names: 'cache' },
    'components of lower tiers that do not hold in the candidate: cache',
  ],
  [
    'overhead-exceeded',
    { lower: 0.06, limit: 0.05 },
    "the plugin costs more than +5.0 % of the suite's time: the lower end of the 95 % interval is +6.0 %",
  ],
  [
    'overhead-open',
    { lower: 0.01, upper: 0.06, limit: 0.05 },
    "whether the plugin costs more than +5.0 % of the suite's time is open: the 95 % interval is +1.0 % to +6.0 %",
  ],
  [
    'overhead-held',
    { upper: 0.02, limit: 0.05 },
    "the plugin costs no more than +5.0 % of the suite's time: the upper end of the 95 % interval is +2.0 %",
  ],
  ['tests-failed', { failed: 3 }, '3 tests failed'],
  [
    'infrastructure-failed',
    { count: 1, first: 'CX-GATEWAY-MISS' },
    '1 error of infrastructure, first CX-GATEWAY-MISS',
  ],
])('%s', (code, values, text) => {
  expect(describeReason({ code, values, scope: 'together' } as Reason)).toBe(text);
});

test('a reason of one role names it, and a figure that is missing is said to be', () => {
  const reason = { code: 'improvement-shown', values: { baseline: null, candidate: 0.4 }, scope: 'coder' };
  expect(describeReason(reason as unknown as Reason)).toBe(
    'n/a → 40.0 %: the improvement asked for, and more than chance (p = n/a) (coder)',
  );
});
