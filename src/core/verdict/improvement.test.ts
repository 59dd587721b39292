import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../statistics/proportions.ts';
import { judgeImprovement } from './improvement.ts';
import type { PairedRow } from './paired-row.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';

/** `n` bugs with the given outcomes; ids continue from `from`. */
function bugs(n: number, baseline: number[], candidate: number[], from = 0): PairedRow[] {
  return Array.from({ length: n }, (_, at) => ({ role: 'coder', bug: `b${from + at}`, baseline, candidate }));
}

const judge = (rows: readonly PairedRow[], policy: Policy = DEFAULT_POLICY) =>
  judgeImprovement(rows, { policy, seed: 'test', resamples: 400 });
const codes = (rows: readonly PairedRow[], policy?: Policy) =>
  judge(rows, policy).reasons.map((reason) => reason.code);

const nonInferior = (margin: number): Policy => ({ kind: 'non-inferiority', margin, alpha: 0.05 });

describe('pass', () => {
  const kept = bugs(30, [1], [1]);

  test('improvement at the threshold and beyond chance', () => {
    const result = judge([...kept, ...bugs(6, [0], [1], 30), ...bugs(4, [0], [0], 36)]);
    expect(result).toMatchObject({
      status: 'pass',
      need: null,
      bugs: 40,
      repeats: 1,
      baseline: 0.75,
      candidate: 0.9,
    });
    expect(result.relative).toBeCloseTo(0.2, 12);
    expect(result.pValue).toBe(1 / 64);
    expect(result.reasons[0]?.code).toBe('improvement-shown');
  });

  test('chance is ruled out: four wins against none are not enough', () => {
    // 10 + 4 of 14: 40% more, p = 1/16.
    const rows = [...bugs(10, [1], [1]), ...bugs(4, [0], [1], 10)];
    expect(judge(rows)).toMatchObject({ status: 'inconclusive', pValue: 1 / 16 });
    expect(codes(rows)[0]).toBe('improvement-by-chance');
  });

  test('the threshold must be reached: a sure gain of 10% is no pass', () => {
    const rows = [...bugs(60, [1], [1]), ...bugs(6, [0], [1], 60), ...bugs(20, [0], [0], 66)];
    const result = judge(rows);
    expect(result.pValue).toBeLessThan(0.05);
    expect(result.relative).toBeCloseTo(0.1, 12);
    expect(result.status).not.toBe('pass');
  });

  test('just the threshold, in figures that binary cannot hold, is reached', () => {
    // 100 against 115 bugs: the excess adds up to a little less than 0.
    const rows = [...bugs(100, [1], [1]), ...bugs(15, [0], [1], 100), ...bugs(30, [0], [0], 115)];
    expect(judge(rows).status).toBe('pass');
    expect(judge(rows, { ...DEFAULT_POLICY, threshold: 0.1501 }).status).toBe('inconclusive');
  });

  test('with a threshold of 0 the candidate must still be better', () => {
    expect(judge(bugs(200, [0, 1], [0, 1]), { ...DEFAULT_POLICY, threshold: 0 }).status).not.toBe('pass');
  });

  test('a stricter alpha asks for more', () => {
    const rows = [...kept, ...bugs(6, [0], [1], 30)];
    expect(judge(rows, { ...DEFAULT_POLICY, alpha: 0.01 }).status).toBe('inconclusive');
  });
});

describe('fail', () => {
  test('the upper bound of the excess lies below 0', () => {
    const rows = [...bugs(30, [1], [0]), ...bugs(10, [0], [0], 30)];
    const result = judge(rows);
    expect(result.status).toBe('fail');
    expect(result.excess?.upper).toBeLessThan(0);
    expect(result.reasons[0]?.code).toBe('improvement-refuted');
  });

  test('three lost bugs refute nothing: pseudo-bugs keep the doubt', () => {
    expect(judge(bugs(3, [1], [0])).status).toBe('inconclusive');
  });

  test('no difference in many bugs refutes an improvement of 15%', () => {
    expect(judge(bugs(100, [1], [1]))).toMatchObject({ status: 'fail', relative: 0 });
  });
});

describe('the edges', () => {
  test('no bugs: inconclusive, nothing is claimed', () => {
    expect(judge([])).toMatchObject({
      status: 'inconclusive',
      bugs: 0,
      baseline: null,
      relative: null,
      interval: null,
      need: { bugs: null, repeats: null },
      reasons: [{ code: 'no-bugs' }],
    });
  });

  test('one bug: inconclusive, no interval', () => {
    const result = judge(bugs(1, [0, 0, 0], [1, 1, 1]));
    expect(result).toMatchObject({ status: 'inconclusive', interval: null, absoluteInterval: null });
    expect(result.reasons[0]?.code).toBe('one-bug');
  });

  test('all fail in both arms: no relative figure, and no number of bugs like these decides', () => {
    const result = judge(bugs(40, [0], [0]));
    expect(result).toMatchObject({
      status: 'inconclusive',
      relative: null,
      need: { bugs: null, repeats: null },
    });
    // Nothing was gained, so that chance is not what is in doubt.
    expect(result.reasons.map((reason) => reason.code)).toEqual([
      'improvement-below-threshold',
      'baseline-at-zero',
    ]);
  });

  test('a baseline of 0 passes by evidence alone', () => {
    const rows = [...bugs(5, [0], [1]), ...bugs(15, [0], [0], 5)];
    expect(judge(rows)).toMatchObject({ status: 'pass', relative: null, interval: null });
  });

  test('all pass in both arms: the ceiling is named', () => {
    expect(codes(bugs(40, [1], [1]))).toContain('baseline-at-ceiling');
    expect(codes([...bugs(8, [1], [1]), ...bugs(4, [0], [0], 8)])).not.toContain('baseline-at-ceiling');
  });

  test('equal differences everywhere have no interval of width 0', () => {
    expect(judge(bugs(20, [1], [1]))).toMatchObject({ interval: null, absoluteInterval: null });
  });

  test('uneven repeats are remarked upon', () => {
    expect(codes([...bugs(5, [1, 0], [1, 1]), ...bugs(5, [1], [1, 1], 5)])).toContain('repeats-uneven');
    expect(codes(bugs(5, [1, 0], [1, 1]))).not.toContain('repeats-uneven');
  });

  test('McNemar and Newcombe are given for single pass/fail runs only', () => {
    const single = judge([
      ...bugs(5, [1], [1]),
      ...bugs(3, [0], [1], 5),
      ...bugs(1, [1], [0], 8),
      ...bugs(2, [0], [0], 9),
    ]).single;
    expect(single?.table).toEqual({ both: 5, onlyBaseline: 1, onlyCandidate: 3, neither: 2 });
    expect(single?.mcNemarP).toBeCloseTo(10 / 16, 12);
    expect(single?.wilson.baseline).toEqual(wilsonInterval(6, 11));
    expect(single?.wilson.candidate).toEqual(wilsonInterval(8, 11));
    expect(judge(bugs(5, [1, 0], [1, 1])).single).toBeNull();
    expect(judge(bugs(5, [0.5], [1])).single).toBeNull();
    expect(judge(bugs(5, [1, 1], [1, 1])).single).toBeNull();
  });
});

describe('non-inferiority', () => {
  test('equal arms pass with enough bugs, and not with few', () => {
    expect(judge(bugs(200, [1], [1]), nonInferior(0.05))).toMatchObject({
      status: 'pass',
      pMethod: 'student-t',
    });
    expect(judge(bugs(5, [1], [1]), nonInferior(0.05)).status).toBe('inconclusive');
  });

  test('a loss beyond the margin fails', () => {
    const rows = [...bugs(60, [1], [0]), ...bugs(40, [1], [1], 60)];
    expect(judge(rows, nonInferior(0.05))).toMatchObject({ status: 'fail' });
    expect(codes(rows, nonInferior(0.05))[0]).toBe('non-inferiority-refuted');
  });

  test('the margin counts: the same loss is tolerated by a wider one', () => {
    const rows = [...bugs(6, [1], [0]), ...bugs(194, [1], [1], 6)];
    expect(judge(rows, nonInferior(0.01)).status).not.toBe('pass');
    expect(judge(rows, nonInferior(0.1)).status).toBe('pass');
  });
});

describe('properties', () => {
  const outcomes = fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 2 });
  const tables = fc
    .array(fc.tuple(outcomes, outcomes), { minLength: 1, maxLength: 25 })
    .map((cells) => cells.flatMap(([baseline, candidate], at) => bugs(1, baseline, candidate, at)));

  test('the order of rows does not matter, nor does anything but rows, policy and seed', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(judge([...rows].reverse())).toEqual(judge(rows));
      }),
      { numRuns: 40 },
    );
  });

  test('status and figures agree with the rules as they are written down', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const { status, baseline, candidate, pValue, excess, need } = judge(rows);
        if (baseline === null || candidate === null || pValue === null || excess === null) return;
        const passes = candidate >= 1.15 * baseline - 1e-9 && candidate > baseline && pValue <= 0.05;
        const expected = passes ? 'pass' : excess.upper < 0 ? 'fail' : 'inconclusive';
        expect(status).toBe(expected);
        expect(need === null).toBe(status !== 'inconclusive');
      }),
      { numRuns: 200 },
    );
  });

  test('a candidate that wins one more bug keeps its pass', () => {
    fc.assert(
      fc.property(tables, fc.nat(), (rows, pick) => {
        const at = pick % rows.length;
        const better = rows.map((row, index) => (index === at ? { ...row, candidate: [1, 1] } : row));
        expect(judge(rows).status !== 'pass' || judge(better).status === 'pass').toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rows and policies out of range are refused', () => {
  test.each<[string, PairedRow[], Policy, string]>([
    ['a bug named twice', [...bugs(1, [1], [1]), ...bugs(1, [1], [0])], DEFAULT_POLICY, 'CX-VERDICT-INPUT'],
    ['an arm without runs', bugs(1, [1], []), DEFAULT_POLICY, 'CX-VERDICT-INPUT'],
    ['an outcome of 2', bugs(1, [2], [1]), DEFAULT_POLICY, 'CX-STATISTICS-INPUT'],
    ['an outcome that is no number', bugs(1, [Number.NaN], [1]), DEFAULT_POLICY, 'CX-STATISTICS-INPUT'],
    ['alpha of 0.5', [], { ...DEFAULT_POLICY, alpha: 0.5 }, 'CX-STATISTICS-INPUT'],
    ['a negative threshold', [], { ...DEFAULT_POLICY, threshold: -0.1 }, 'CX-STATISTICS-INPUT'],
    ['a margin of 0', [], nonInferior(0), 'CX-STATISTICS-INPUT'],
  ])('%s', (_, rows, policy, code) => {
    expect(() => judge(rows, policy)).toThrowError(expect.objectContaining({ code }));
  });
});
