import { describe, expect, test } from 'vitest';
import { type BudgetLimit, judgeLimit } from './judge-limit.ts';
import type { Arm } from './pipeline-run.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';
import { type BugRuns, groupRuns } from './verdict/runs.ts';

/** Runs of `n` bugs: the candidate uses `more` tokens for each 100 of the baseline more. */
function bugsOf(role: string, n: number, more: number): BugRuns[] {
  const arms: Arm[] = ['baseline', 'candidate'];
  const tokens = (at: number, arm: Arm) => {
    const own = 1_000 + at;
    return arm === 'baseline' ? own : own * (1 + more / 100);
  };
  return groupRuns(
    Array.from({ length: n }, (_, at) => at).flatMap((at) =>
      arms.map((arm) =>
        pipelineRun({
          role,
          case: `bug-${at}`,
          arm,
          usage: { calls: 1, inputTokens: tokens(at, arm), outputTokens: 0, estimated: false },
        }),
      ),
    ),
  );
}
const judge = (limit: Partial<BudgetLimit>, bugs: readonly BugRuns[]) =>
  judgeLimit({ metric: 'tokens', limit: 0.25, ...limit }, bugs, { seed: 's', resamples: 300 });
const codes = ({ reasons }: ReturnType<typeof judge>) =>
  reasons.map(({ code, status }) => `${code} ${status}`);

const roles = [...bugsOf('coder', 60, 10), ...bugsOf('planner', 60, 30)];

describe('a budget of one role', () => {
  test('is judged by the bugs of that role alone, and names it', () => {
    expect(judge({ tailLimit: 1 }, roles)).toMatchObject({ role: null, bugs: 120, status: 'pass' });
    const planner = judge({ role: 'planner' }, roles);
    expect(planner).toMatchObject({ role: 'planner', bugs: 60, status: 'fail', enforced: true });
    expect(planner.relative).toBeCloseTo(0.3, 9);
    expect(planner.reasons[0]).toMatchObject({
      code: 'budget-exceeded',
      status: 'fail',
      scope: 'budget:tokens:planner',
      values: { limit: 0.25, lower: expect.closeTo(0.3, 9) },
    });
    expect(judge({ role: 'coder' }, roles)).toMatchObject({ role: 'coder', bugs: 60, status: 'pass' });
  });

  test('without a bug of the role it is open, whatever others do', () => {
    expect(judge({ role: 'tester' }, roles)).toMatchObject({ bugs: 0, status: 'inconclusive' });
  });

  test('has a limit of its own for the 95th percentile', () => {
    const wide = bugsOf('coder', 200, 20);
    expect(judge({ tailLimit: 0.3 }, wide)).toMatchObject({ status: 'pass', p95Limit: 0.3 });
    expect(codes(judge({ tailLimit: 0.1 }, wide))).toEqual(['budget-held pass', 'budget-tail-exceeded fail']);
  });

  test('beyond a soft limit, a warning is given that decides nothing', () => {
    const soft = { mean: 0.08, p95: 0.5 };
    const warned = judge({ role: 'coder', soft }, roles);
    expect(warned).toMatchObject({ status: 'pass', soft });
    expect(warned.reasons.at(-1)).toEqual({
      code: 'budget-soft-exceeded',
      status: 'note',
      scope: 'budget:tokens:coder',
      values: { metric: 'tokens', of: 'mean', limit: 0.08, relative: expect.closeTo(0.1, 9) },
    });
    expect(codes(judge({ soft: { mean: 0.5, p95: 0.08 }, role: 'coder' }, roles))).toEqual([
      'budget-held pass',
      'budget-soft-exceeded note',
    ]);
    expect(codes(judge({ soft: { mean: 0.1 + 1e-6, p95: 0.5 }, role: 'coder' }, roles))).toEqual([
      'budget-held pass',
    ]);
    // who is beyond the hard one need not be warned
    expect(codes(judge({ soft: { mean: 0.2, p95: 5 }, role: 'planner', tailLimit: 5 }, roles))).toEqual([
      'budget-exceeded fail',
    ]);
  });

  test('that is only watched makes no verdict, and says what was seen', () => {
    const watched = judge({ role: 'planner', enforced: false }, roles);
    expect(watched).toMatchObject({ status: 'fail', enforced: false });
    expect(new Set(watched.reasons.map(({ status }) => status))).toEqual(new Set(['note']));
    expect(watched.reasons[0]?.code).toBe('budget-exceeded');
  });
});
