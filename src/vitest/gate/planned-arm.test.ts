import { describe, expect, test } from 'vitest';
import { gateSchema } from '../../config/gate.ts';
import { ablationArms, gateArms, playerKey, secondSession, withoutArms } from './planned-arm.ts';

const gate = gateSchema.parse({
  environments: { baseline: 'old', candidate: 'new' },
  roles: {
    coder: { baseline: 'coder-1', candidate: 'coder-2' },
    planner: { baseline: 'planner-1', candidate: 'planner-2' },
  },
  lm: { model: 'm' },
  ablations: {
    'version-alone': {
      roles: {
        coder: { pipeline: 'coder-1', environment: 'new' },
        planner: { pipeline: 'planner-2', environment: 'new' },
      },
    },
    'coder-only': { roles: { coder: { pipeline: 'coder-3', environment: 'new' } } },
  },
});

describe('planned arms', () => {
  test('are those of the gate, each role with its pipeline in the environment of the arm', () => {
    expect(gateArms(gate, ['candidate'])).toEqual([
      {
        name: 'candidate',
        arm: 'candidate',
        variant: false,
        session: 0,
        repeats: 3,
        roles: {
          coder: { pipeline: 'coder-2', environment: 'new' },
          planner: { pipeline: 'planner-2', environment: 'new' },
        },
      },
    ]);
  });

  test('the second session plays what the baseline plays, under another key', () => {
    const [baseline] = gateArms(gate, ['baseline']);
    const second = secondSession(gate);
    expect(second).toMatchObject({ roles: baseline?.roles, variant: true, arm: 'candidate' });
    expect(playerKey(second, 'coder')).not.toBe(baseline && playerKey(baseline, 'coder'));
  });

  test('ablations stand where the candidate does, in the order of gate.yaml; a role may be left out', () => {
    const arms = ablationArms(gate);
    expect(arms.map(({ name, arm, variant }) => [name, arm, variant])).toEqual([
      ['version-alone', 'candidate', true],
      ['coder-only', 'candidate', true],
    ]);
    expect(arms.map((arm) => playerKey(arm, 'planner'))).toEqual(['planner-2@new#0', undefined]);
    expect(arms.map(({ repeats }) => repeats)).toEqual([3, 3]);
    expect(ablationArms({ ...gate, ablationRepeats: 1 }).map(({ repeats }) => repeats)).toEqual([1, 1]);
  });

  test('to record variants leaves out what the two arms play, whose recordings are frozen', () => {
    expect(withoutArms(ablationArms(gate), gate).map(({ roles }) => roles)).toEqual([
      { coder: { pipeline: 'coder-1', environment: 'new' } },
      { coder: { pipeline: 'coder-3', environment: 'new' } },
    ]);
    expect(withoutArms([secondSession(gate)], gate)).toEqual([secondSession(gate)]);
  });
});
