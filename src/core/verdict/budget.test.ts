import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { type BudgetQuery, judgeBudget } from './budget.ts';
import type { PairedRow } from './paired-row.ts';

/** Bugs that use some 100 with a spread of 10%; the candidate `ratio` times as much, with its own noise. */
function usage(n: number, ratio: number, noise = 0.05): PairedRow[] {
  const random = createRandom(`usage-${n}`);
  return Array.from({ length: n }, (_, at) => {
    const own = 95 + 10 * random.unit();
    const runs = (factor: number) =>
      Array.from({ length: 3 }, () => own * factor * (1 + noise * (random.unit() - 0.5)));
    return { role: 'coder', bug: `b${at}`, baseline: runs(1), candidate: runs(ratio) };
  });
}
const judge = (rows: readonly PairedRow[], more: Partial<BudgetQuery> = {}) =>
  judgeBudget({ metric: 'tokens', limit: 0.25, rows, seed: 'test', resamples: 400, ...more });
const codes = (rows: readonly PairedRow[], more?: Partial<BudgetQuery>) =>
  judge(rows, more).reasons.map((reason) => reason.code);

describe('judgeBudget', () => {
  test('pass: the upper bound is within the limit', () => {
    const budget = judge(usage(30, 1.1));
    expect(budget).toMatchObject({ status: 'pass', bugs: 30, interval: { level: 0.9 } });
    expect(budget.relative).toBeCloseTo(0.1, 1);
    expect(codes(usage(30, 1.1))).toEqual(['budget-held']);
  });

  test('fail: the lower bound is beyond the limit', () => {
    expect(judge(usage(30, 1.4)).status).toBe('fail');
    expect(codes(usage(30, 1.4))).toEqual(['budget-exceeded']);
  });

  test('inconclusive: the limit lies between the bounds, on either side of the estimate', () => {
    const below = judge(usage(12, 1.24, 0.6));
    expect(below.interval?.upper).toBeGreaterThan(0.25);
    expect(below).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'budget-open' }] });
    const above = judge(usage(12, 1.27, 0.6));
    expect(above.interval?.lower).toBeLessThan(0.25);
    expect(above.status).toBe('inconclusive');
  });

  test('equal use is held exactly, and so is just the limit', () => {
    const rows = usage(10, 1).map((row) => ({ ...row, candidate: row.baseline }));
    expect(judge(rows, { limit: 0 })).toMatchObject({ status: 'pass', relative: 0 });
    const double = rows.map((row) => ({ ...row, candidate: row.baseline.map((value) => value * 1.2) }));
    expect(judge(double, { limit: 0.2 }).status).toBe('pass');
    expect(judge(double, { limit: 0.19 }).status).toBe('fail');
  });

  test('a negative limit asks for savings', () => {
    expect(judge(usage(30, 0.8), { limit: -0.1 }).status).toBe('pass');
    expect(judge(usage(30, 0.98), { limit: -0.1 }).status).toBe('fail');
  });

  test('five bugs are too few for either', () => {
    expect(codes(usage(5, 1))).toEqual(['budget-too-few-bugs']);
    expect(codes(usage(5, 9))).toEqual(['budget-too-few-bugs']);
    expect(judge(usage(6, 1)).status).toBe('pass');
  });

  test('no bugs: nothing is claimed', () => {
    expect(judge([])).toMatchObject({
      status: 'inconclusive',
      relative: null,
      p95: null,
      reasons: [{ code: 'no-bugs' }],
    });
  });

  test('figures that were not measured alike are shown, never passed', () => {
    const budget = judge(usage(30, 1), { comparable: false });
    expect(budget).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'budget-not-comparable' }] });
    expect(budget.relative).toBeCloseTo(0, 1);
  });

  test('a baseline that uses nothing: held by nothing, exceeded by anything', () => {
    const rows = (candidate: number) =>
      Array.from({ length: 10 }, (_, at) => ({
        role: 'r',
        bug: `b${at}`,
        baseline: [0],
        candidate: [candidate],
      }));
    expect(judge(rows(0))).toMatchObject({ status: 'pass', relative: null, interval: null });
    expect(judge(rows(3))).toMatchObject({ status: 'fail', relative: null });
  });

  describe('the 95th percentile', () => {
    /** Every tenth bug takes `factor` times as long in the candidate, which the rest makes up for. */
    const tail = (n: number, factor: number) =>
      usage(n, 1, 0).map((row, at) => ({
        ...row,
        candidate: row.baseline.map((value) => value * (at % 10 === 0 ? factor : 0.8)),
      }));

    test('gates from 59 bugs on', () => {
      expect(judge(tail(58, 1)).p95?.gates).toBe(false);
      expect(judge(tail(59, 1)).p95?.gates).toBe(true);
    });

    test('fails a budget whose mean holds', () => {
      const budget = judge(tail(200, 2.5));
      expect(budget.relative).toBeLessThan(0.1);
      expect(budget).toMatchObject({ status: 'fail' });
      expect(budget.reasons.map((reason) => reason.code)).toEqual(['budget-held', 'budget-tail-exceeded']);
      expect(judge(tail(50, 2.5)).reasons.map((reason) => reason.code)).toEqual(['budget-held']);
    });

    test('leaves a budget open whose tail is not known', () => {
      const rows = usage(60, 1, 0).map((row, at) => ({
        ...row,
        candidate: row.baseline.map((value) => value * (at % 20 === 0 ? 2 : 0.9)),
      }));
      expect(codes(rows)).toEqual(['budget-held', 'budget-tail-open']);
    });
  });

  test('more use is never judged better, whatever the rows', () => {
    const rank = { pass: 0, inconclusive: 1, fail: 2 };
    const figure = fc.double({ min: 1, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure), { minLength: 6, maxLength: 15 }), (cells) => {
        const rows = (factor: number) =>
          cells.map(([b, c], at) => ({ role: 'r', bug: `b${at}`, baseline: [b], candidate: [c * factor] }));
        expect(rank[judge(rows(1.3)).status]).toBeGreaterThanOrEqual(rank[judge(rows(1)).status]);
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, PairedRow[], Partial<BudgetQuery>]>([
    ['negative use', [{ role: 'r', bug: 'b', baseline: [-1], candidate: [1] }], {}],
    ['a limit of -100%', [], { limit: -1 }],
  ])('%s is refused', (_, rows, more) => {
    expect(() => judge(rows, more)).toThrowError(expect.objectContaining({ code: 'CX-STATISTICS-INPUT' }));
  });
});
