import { describe, expect, test } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { judgeImprovement } from './improvement.ts';
import { neededSample } from './need.ts';
import type { PairedRow } from './paired-row.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';

// Pure computation: a busy machine is no failure.

/** Rows of bugs with own rates; the candidate's rate is a share nearer to 1. */
function draw(n: number, repeats: number, gain: number, seed: string): PairedRow[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, at) => {
    const rate = random.unit();
    const outcomes = (p: number) => Array.from({ length: repeats }, () => Number(random.unit() < p));
    return {
      role: 'coder',
      bug: `b${at}`,
      baseline: outcomes(rate),
      candidate: outcomes(rate + (1 - rate) * gain),
    };
  });
}

/** How often a verdict over `n` of these bugs, drawn with replacement, is decided. */
function decidedShare(rows: readonly PairedRow[], n: number, policy: Policy): number {
  const random = createRandom('resample');
  const times = 400;
  let decided = 0;
  for (let time = 0; time < times; time++) {
    const sample = Array.from({ length: n }, (_, at) => ({
      ...(rows[random.below(rows.length)] as PairedRow),
      bug: `s${at}`,
    }));
    const { status } = judgeImprovement(sample, { policy, seed: 'need', resamples: 100 });
    if (status !== 'inconclusive') decided++;
  }
  return decided / times;
}

describe('neededSample', () => {
  test.each<[string, number, Policy]>([
    ['towards a pass', 0.5, DEFAULT_POLICY],
    ['towards a fail', 0.0, DEFAULT_POLICY],
    ['towards non-inferiority', 0.4, { kind: 'non-inferiority', margin: 0.05, alpha: 0.05 }],
  ])('so many more bugs decide with about the power it states: %s', (_, gain, policy) => {
    const rows = draw(25, 3, gain, 'need-1');
    const { bugs, power } = neededSample(rows, policy);
    expect(bugs).not.toBeNull();
    const share = decidedShare(rows, rows.length + (bugs ?? 0), policy);
    // 400 draws have a standard error of 0.02; the normal approximation adds some.
    expect(share).toBeGreaterThan(power - 0.1);
    expect(share).toBeLessThan(power + 0.12);
  });

  test('noise within bugs is cured by repeats too', () => {
    const noisy = Array.from({ length: 24 }, (_, at) => ({
      role: 'coder',
      bug: `b${at}`,
      baseline: at % 2 ? [1, 0, 0] : [0, 1, 0],
      candidate: at % 3 ? [1, 0, 1] : [0, 1, 0],
    }));
    const need = neededSample(noisy, DEFAULT_POLICY);
    expect(need.repeats).toBeGreaterThan(0);
    expect(need.bugs).toBeGreaterThan(0);
  });

  test('copies of one greedy answer are not helped by repeats', () => {
    const greedy = Array.from({ length: 20 }, (_, at) => ({
      role: 'coder',
      bug: `b${at}`,
      baseline: at < 10 ? [1, 1] : [0, 0],
      candidate: at < 9 && at > 2 ? [1, 1] : [0, 0],
    }));
    expect(neededSample(greedy, DEFAULT_POLICY)).toMatchObject({ repeats: null });
    expect(neededSample(greedy, DEFAULT_POLICY).bugs).toBeGreaterThan(0);
  });

  test('single runs cannot tell what repeats would bring', () => {
    expect(neededSample(draw(20, 1, 0.3, 'single'), DEFAULT_POLICY).repeats).toBeNull();
  });

  test('an effect just at the threshold is decided by no number of bugs', () => {
    // 20 of 40 against 23 of 40: exactly 15% more.
    const rows = Array.from({ length: 40 }, (_, at) => ({
      role: 'coder',
      bug: `b${at}`,
      baseline: [Number(at < 20)],
      candidate: [Number(at < 23)],
    }));
    expect(neededSample(rows, DEFAULT_POLICY)).toMatchObject({
      bugs: null,
      beyond: { bugs: null, repeats: null },
    });
  });

  test('an effect near the threshold takes more than were tried, and no claim is made beyond', () => {
    // 100 of 200 against 114 of 200: 14% more.
    const rows = (repeats: number) =>
      Array.from({ length: 200 }, (_, at) => ({
        role: 'coder',
        bug: `b${at}`,
        baseline: Array.from({ length: repeats }, (_, k) => Number((at + k) % 200 < 100)),
        candidate: Array.from({ length: repeats }, (_, k) => Number((at + k) % 200 < 114)),
      }));
    expect(neededSample(rows(1), DEFAULT_POLICY)).toMatchObject({
      bugs: null,
      repeats: null,
      beyond: { bugs: 1000, repeats: null },
    });
    // What differs between the bugs no number of repeats averages out.
    expect(neededSample(rows(3), DEFAULT_POLICY)).toMatchObject({
      repeats: null,
      beyond: { bugs: 1000, repeats: null },
    });
  });

  test('a thousand more are tried however many there are', () => {
    const rows = Array.from({ length: 1_100 }, (_, at) => ({
      role: 'coder',
      bug: `b${at}`,
      baseline: [Number(at < 550)],
      candidate: [Number(at < 609)],
    }));
    expect(neededSample(rows, DEFAULT_POLICY).bugs).toBeGreaterThan(0);
  });

  test('three sure wins need a fifth: the sign-flip test cannot say less than 2^-n', () => {
    const rows = Array.from({ length: 3 }, (_, at) => ({
      role: 'coder',
      bug: `b${at}`,
      baseline: [0],
      candidate: [1],
    }));
    expect(neededSample(rows, DEFAULT_POLICY).bugs).toBe(2);
  });
});
