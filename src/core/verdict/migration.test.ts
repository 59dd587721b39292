import { describe, expect, test } from 'vitest';
import { judgeMigration } from './migration.ts';
import type { PairedRow } from './paired-row.ts';
import { DEFAULT_POLICY } from './policy.ts';

function bugs(role: string, n: number, baseline: number[], candidate: number[], from = 0): PairedRow[] {
  return Array.from({ length: n }, (_, at) => ({ role, bug: `b${from + at}`, baseline, candidate }));
}
const judge = (rows: readonly PairedRow[], roles?: readonly string[]) =>
  judgeMigration(rows, { policy: DEFAULT_POLICY, seed: 'test', resamples: 200, ...(roles ? { roles } : {}) });

describe('judgeMigration', () => {
  test('pools all roles and shows each beside it', () => {
    const { together, roles } = judge([...bugs('coder', 10, [0], [1]), ...bugs('planner', 6, [1], [1])]);
    expect(together).toMatchObject({ bugs: 16, baseline: 6 / 16, candidate: 1 });
    expect(roles['coder']).toMatchObject({
      bugs: 10,
      baseline: 0,
      candidate: 1,
      regression: { regressed: false },
    });
    expect(roles['planner']).toMatchObject({ bugs: 6, baseline: 1, candidate: 1 });
  });

  test("a role's figures do not depend on the other roles", () => {
    const coder = [...bugs('coder', 10, [0, 1], [1, 1]), ...bugs('coder', 10, [1, 1], [0, 1], 10)];
    const alone = judge(coder).roles['coder'];
    const beside = judge([...coder, ...bugs('planner', 5, [1, 0], [0, 0])]).roles['coder'];
    expect({ ...beside, regression: null }).toEqual({ ...alone, regression: null });
  });

  test('a role that lost beyond chance is called regressed', () => {
    const { roles } = judge([...bugs('coder', 40, [0], [1]), ...bugs('planner', 8, [1], [0])]);
    expect(roles['planner']?.regression).toMatchObject({
      pValue: 1 / 256,
      adjustedP: 2 / 256,
      regressed: true,
    });
  });

  test('Holm: what would be a regression of one role alone is none among two', () => {
    const lost = bugs('planner', 5, [1], [0]);
    expect(judge(lost).roles['planner']?.regression).toMatchObject({ pValue: 1 / 32, regressed: true });
    const among = judge([...lost, ...bugs('coder', 5, [1], [1])]).roles['planner']?.regression;
    expect(among).toMatchObject({ pValue: 1 / 32, adjustedP: 1 / 16, regressed: false });
  });

  test('won, lost and kept by mean outcome; flaky where repeats are mixed', () => {
    const { changes } = judge([
      { role: 'coder', bug: 'won', baseline: [0, 0], candidate: [1, 1] },
      { role: 'coder', bug: 'lost', baseline: [1, 1], candidate: [1, 0] },
      { role: 'coder', bug: 'kept', baseline: [1, 1], candidate: [1, 1] },
      { role: 'coder', bug: 'order', baseline: [0.1, 0.2, 0.3], candidate: [0.3, 0.2, 0.1] },
      { role: 'coder', bug: 'shaky', baseline: [1, 0], candidate: [0, 1] },
    ]);
    expect(changes).toEqual({
      won: ['coder/won'],
      lost: ['coder/lost'],
      kept: ['coder/kept', 'coder/order', 'coder/shaky'],
      flaky: ['coder/lost', 'coder/order', 'coder/shaky'],
    });
  });

  test('a role that is asked for is reported even without rows', () => {
    expect(judge([], ['planner']).roles['planner']).toMatchObject({
      bugs: 0,
      regression: { regressed: false },
    });
  });

  test('equal ids in two roles are two bugs', () => {
    expect(judge([...bugs('coder', 2, [1], [1]), ...bugs('planner', 2, [1], [1])]).together.bugs).toBe(4);
  });
});
