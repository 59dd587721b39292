import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { nullWorldOf, type OperatingCharacteristics, type Scenario, simulateMigrations } from './simulate.ts';

/** Half easy and half hard bugs around a rate of 0.56; the candidate gains the same share of what is missing. */
function world(relativeGain: number): Pick<Scenario, 'drawBug' | 'truth'> {
  const [hard, easy, rate] = [0.15, 0.9, 0.56];
  const shareOfHard = (easy - rate) / (easy - hard);
  const gain = (relativeGain * rate) / (1 - rate);
  return {
    drawBug: (random) => {
      const baseline = random.unit() < shareOfHard ? hard : easy;
      return { baseline, candidate: baseline + (1 - baseline) * gain };
    },
    truth: { baseline: rate, candidate: rate * (1 + relativeGain) },
  };
}

/** Four standard errors of a simulated share. */
const margin = (share: number, migrations: number) => 4 * Math.sqrt((share * (1 - share)) / migrations);
const sizes = {
  bugs: { coder: 20, planner: 20 },
  repeats: 3,
  policy: DEFAULT_POLICY,
  seed: 'simulation',
  resamples: 250,
};
// Pure computation of some seconds: a busy machine is no failure.

describe('the verdict on 10,000 migrations that change nothing', () => {
  const migrations = 10_000;
  let rates: OperatingCharacteristics;
  beforeAll(() => {
    rates = simulateMigrations({ ...sizes, ...world(0), migrations });
  });

  test('its error rates are printed', () => {
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    const { alpha } = DEFAULT_POLICY;
    console.log(
      `${migrations} null migrations, alpha ${percent(alpha)}: false pass ${percent(rates.pass)}, ` +
        `false regression ${percent(rates.regressed)}, either ${percent(rates.passOrRegressed)}; 95% intervals hold ` +
        `the truth in ${percent(rates.absoluteCovered)} (absolute) and ${percent(rates.relativeCovered)} (relative)`,
    );
    expect(rates.migrations).toBe(migrations);
  });

  test('false passes stay within alpha', () => {
    expect(rates.pass).toBeLessThan(0.05 + margin(0.05, migrations));
    // Against a rule that never passes.
    expect(rates.pass).toBeGreaterThan(0.01);
  });

  test('false regressions of any role stay within alpha (Holm)', () => {
    expect(rates.regressed).toBeLessThan(0.05 + margin(0.05, migrations));
    expect(rates.regressed).toBeGreaterThan(0.01);
  });

  test('95% intervals hold the truth as often as they say, to one point', () => {
    // Four standard errors of the simulation are 0.009.
    for (const covered of [rates.absoluteCovered, rates.relativeCovered]) {
      expect(Math.abs(covered - 0.95)).toBeLessThan(0.01);
    }
  });

  test('the shares are complete', () => {
    expect(rates.pass + rates.fail + rates.inconclusive).toBeCloseTo(1, 12);
    expect(rates.passOrRegressed).toBeLessThanOrEqual(rates.pass + rates.regressed + 1e-12);
  });
});

describe('power with 40 bugs and 3 repeats', () => {
  test.each([
    [0.15, 0.44],
    [0.22, 0.72],
    [0.3, 0.91],
  ])('at a true +%f about %f of verdicts pass', (gain, power) => {
    const { pass, absoluteCovered } = simulateMigrations({ ...sizes, ...world(gain), migrations: 1_000 });
    expect(Math.abs(pass - power)).toBeLessThan(0.07);
    expect(absoluteCovered).toBeGreaterThan(0.91);
  });

  test('an improvement at the threshold is refuted no more often than alpha', () => {
    const { fail } = simulateMigrations({ ...sizes, ...world(0.15), migrations: 1_000 });
    expect(fail).toBeLessThan(0.05 + margin(0.05, 1_000));
  });
});

describe('non-inferiority', () => {
  test('a loss of just the margin passes no more often than alpha', () => {
    const lost = {
      drawBug: () => ({ baseline: 0.7, candidate: 0.6 }),
      truth: { baseline: 0.7, candidate: 0.6 },
    };
    const policy = { kind: 'non-inferiority', margin: 0.1, alpha: 0.05 } as const;
    const { pass, fail } = simulateMigrations({ ...sizes, ...lost, policy, migrations: 1_000 });
    expect(pass).toBeLessThan(0.05 + margin(0.05, 1_000));
    expect(fail).toBeLessThan(0.05 + margin(0.05, 1_000));
  });
});

describe('nullWorldOf', () => {
  test('has the bugs that were seen, in both arms alike', () => {
    const { drawBug, truth } = nullWorldOf([
      { role: 'coder', bug: 'a', baseline: [1, 1, 1], candidate: [0] },
      { role: 'coder', bug: 'b', baseline: [0, 0, 0], candidate: [1] },
    ]);
    expect(truth).toEqual({ baseline: 0.5, candidate: 0.5 });
    const rates = simulateMigrations({ ...sizes, drawBug, truth, migrations: 300 });
    expect(rates.passOrRegressed).toBeLessThan(0.1 + margin(0.1, 300));
  });

  test('has as many bugs of each role, each with the rates of its role', () => {
    const row = (role: string, bug: string, outcome: number) => ({
      role,
      bug,
      baseline: Array.from({ length: 9 }, () => outcome),
      candidate: [0],
    });
    const { drawBug, bugs } = nullWorldOf([
      row('coder', 'a', 1),
      row('coder', 'b', 1),
      row('planner', 'c', 0),
    ]);
    expect(bugs).toEqual({ coder: 2, planner: 1 });
    const random = createRandom('roles');
    expect(drawBug(random, 'coder')).toEqual({ baseline: 0.95, candidate: 0.95 });
    expect(drawBug(random, 'planner')).toEqual({ baseline: 0.05, candidate: 0.05 });
  });

  test('without intervals the decisions are the same', () => {
    const scenario = { ...sizes, ...world(0.15), migrations: 200 };
    const { absoluteCovered: _, relativeCovered: __, ...decisions } = simulateMigrations(scenario);
    expect(simulateMigrations({ ...scenario, resamples: 0 })).toEqual({
      ...decisions,
      absoluteCovered: 0,
      relativeCovered: 0,
    });
  });
});
