import { describe, expect, test } from 'vitest';
import { judgeGrowth } from './pipeline-growth.ts';

const caps = { mean: { hard: 0.25, warn: 0.2 }, p95: { hard: 0.5, warn: 0.3 } };

/** 60 bugs whose optimized pipeline uses `factor` of what it used, and `tail` of it for the last twelve. */
function growth(factor: number, tail = factor, bugs = 60) {
  const rows = Array.from({ length: bugs }, (_, bug) => {
    const used = 100 + (bug % 7);
    return {
      role: 'coder',
      bug: `b${bug}`,
      baseline: [used],
      candidate: [used * (bug < bugs - 12 ? factor : tail)],
    };
  });
  return judgeGrowth('tokens', rows, caps, 'seed');
}

describe('what an optimized pipeline uses more', () => {
  test.each([
    ['less than it did', 0.9, 0.9, 'pass', false],
    ['within the soft limit', 1.1, 1.1, 'pass', false],
    ['beyond the soft limit of the mean', 1.22, 1.22, 'pass', true],
    ['beyond the hard limit of the mean', 1.4, 1.4, 'fail', true],
    ['beyond the soft limit of the tail', 1, 1.45, 'pass', true],
    ['beyond the hard limit of the tail, and not of the mean', 1, 1.9, 'fail', true],
  ])('%s', (_name, factor, tail, status, warned) => {
    const judged = growth(factor, tail);
    expect([judged.status, judged.warned, judged.bugs]).toEqual([status, warned, 60]);
    expect(judged.p95.growth).toBeCloseTo(tail - 1, 1);
  });

  test('a few bugs say nothing for certain, however much it is', () => {
    expect(growth(2, 2, 5)).toMatchObject({ status: 'inconclusive', warned: true, mean: { growth: 1 } });
  });
});
