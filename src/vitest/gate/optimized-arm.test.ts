import { describe, expect, test } from 'vitest';
import { gateSchema } from '../../config/gate.ts';
import { withOptimized } from './optimized-arm.ts';

const gate = gateSchema.parse({
  environments: { baseline: 'old', candidate: 'new' },
  roles: {
    coder: { baseline: 'coder-1', candidate: 'coder-2', optimized: 'coder-3' },
    planner: { baseline: 'planner-1', candidate: 'planner-2' },
  },
  lm: { model: 'm' },
});

describe('the flags of optimized pipelines', () => {
  test.each([{}, { OPTIMIZE_CODER: '0' }, { OPTIMIZE_CODER: '' }])(
    'leave the candidate as it is: %j',
    (flags) => {
      expect(withOptimized(gate, flags)).toEqual(gate);
    },
  );

  test('make the optimized pipeline the candidate of their role alone', () => {
    const { roles } = withOptimized(gate, { OPTIMIZE_CODER: '1' });
    expect(roles).toMatchObject({
      coder: { baseline: 'coder-1', candidate: 'coder-3' },
      planner: { baseline: 'planner-1', candidate: 'planner-2' },
    });
  });

  test.each([
    [{ OPTIMIZE_CODER: 'yes' }, 'OPTIMIZE_CODER is "yes"'],
    [{ OPTIMIZE_PLANNER: '1' }, 'the role planner has no optimized pipeline'],
  ])('are refused where they mean nothing: %j', (flags, message) => {
    expect(() => withOptimized(gate, flags)).toThrow(message);
  });
});
