import { describe, expect, test } from 'vitest';
import { judgeBudget } from './budget.ts';
import { judgeMigration, type Migration } from './migration.ts';
import type { PairedRow } from './paired-row.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { combineVerdict, type VerdictInput } from './verdict.ts';

function bugs(role: string, n: number, baseline: number, candidate: number): PairedRow[] {
  return Array.from({ length: n }, (_, at) => ({
    role,
    bug: `b${at}`,
    baseline: [baseline],
    candidate: [candidate],
  }));
}
const migrate = (rows: readonly PairedRow[]): Migration =>
  judgeMigration(rows, { policy: DEFAULT_POLICY, seed: 'test', resamples: 200 });
const budget = (candidate: number, n = 10) =>
  judgeBudget({
    metric: 'tokens',
    limit: 0.25,
    rows: bugs('coder', n, 100, candidate),
    seed: 'test',
    resamples: 200,
  });

const better = migrate(bugs('coder', 8, 0, 1));
const unclear = migrate(bugs('coder', 3, 0, 1));
const worse = migrate(bugs('coder', 30, 1, 0));

/** A run in which everything is right, with one thing changed. */
const verdict = (change: Partial<VerdictInput> = {}) =>
  combineVerdict({
    migration: better,
    budgets: [budget(110)],
    incomplete: [],
    erroredRuns: { baseline: 0, candidate: 0 },
    violations: { planner: 0 },
    findings: { blocking: 0, warning: 0 },
    tests: { failed: 0 },
    infrastructure: [],
    ...change,
  });

const overhead = (lower: number, upper: number) => ({ lower, upper, limit: 0.05 });

describe('combineVerdict', () => {
  test('passes with exit code 0 when everything does', () => {
    const { status, exitCode, reasons } = verdict();
    expect({ status, exitCode }).toEqual({ status: 'pass', exitCode: 0 });
    expect(reasons.map((reason) => reason.code).sort()).toEqual([
      'baseline-at-zero',
      'budget-held',
      'improvement-shown',
    ]);
  });

  test.each([
    ['is open', overhead(0.05, 0.09), 'overhead-open'],
    ['is held', overhead(0.01, 0.05), 'overhead-held'],
  ])('the limit of what the plugin costs %s: a note', (_, bounds, code) => {
    const { status, reasons } = verdict({ overhead: bounds });
    expect(status).toBe('pass');
    expect(reasons).toContainEqual(expect.objectContaining({ code, status: 'note' }));
  });

  test.each<[string, Partial<VerdictInput>, string, string, number]>([
    ['the improvement is refuted', { migration: worse }, 'improvement-refuted', 'fail', 1],
    ['the improvement is open', { migration: unclear }, 'improvement-by-chance', 'inconclusive', 2],
    ['a budget is exceeded', { budgets: [budget(110), budget(150)] }, 'budget-exceeded', 'fail', 1],
    ['a budget is open', { budgets: [budget(110, 3)] }, 'budget-too-few-bugs', 'inconclusive', 2],
    ['a dependency is violated', { violations: { planner: 1 } }, 'violations-present', 'fail', 1],
    ['a blocking article is broken', { findings: { blocking: 1, warning: 0 } }, 'articles-broken', 'fail', 1],
    ['a test failed', { tests: { failed: 1 } }, 'tests-failed', 'fail', 1],
    ['a bug has no pair', { incomplete: ['coder/b9'] }, 'pairs-incomplete', 'inconclusive', 2],
    ['the plugin costs too much', { overhead: overhead(0.051, 0.09) }, 'overhead-exceeded', 'fail', 1],
    ['infrastructure broke', { infrastructure: ['CX-GATEWAY-MISS'] }, 'infrastructure-failed', 'error', 3],
  ])('%s', (_, change, code, status, exitCode) => {
    const result = verdict(change);
    expect(result).toMatchObject({ status, exitCode });
    expect(result.reasons[0]).toMatchObject({ code, status });
  });

  test('warnings and errored runs are told, and leave the verdict as it is', () => {
    expect(verdict({ findings: { blocking: 0, warning: 3 } }).status).toBe('pass');
    const errored = verdict({ erroredRuns: { baseline: 0, candidate: 2 } });
    expect(errored.status).toBe('pass');
    expect(errored.reasons).toContainEqual(
      expect.objectContaining({ code: 'runs-errored', values: { baseline: 0, candidate: 2 } }),
    );
  });

  test('a role that regressed fails a pool that passes', () => {
    const migration = migrate([...bugs('coder', 60, 0, 1), ...bugs('planner', 8, 1, 0)]);
    expect(migration.together.status).toBe('pass');
    const result = verdict({ migration });
    expect(result).toMatchObject({ status: 'fail', exitCode: 1 });
    expect(result.reasons[0]).toMatchObject({ code: 'role-regressed', scope: 'planner' });
  });

  test("a role's own open status does not open a pool that passes", () => {
    const migration = migrate([...bugs('coder', 60, 0, 1), ...bugs('planner', 2, 1, 1)]);
    expect(migration.roles['planner']?.status).toBe('inconclusive');
    expect(verdict({ migration }).status).toBe('pass');
  });

  test('3 dominates 1, and 1 dominates 2', () => {
    expect(verdict({ migration: unclear, tests: { failed: 1 } }).exitCode).toBe(1);
    expect(verdict({ tests: { failed: 1 }, infrastructure: ['CX-LM-START'] }).exitCode).toBe(3);
  });

  test.each([0, 1, 2] as const)(
    'an inconclusive verdict ends with the exit code a team chose: %i',
    (code) => {
      expect(verdict({ migration: unclear, inconclusiveExitCode: code })).toMatchObject({
        status: 'inconclusive',
        exitCode: code,
      });
      expect(verdict({ migration: worse, inconclusiveExitCode: code }).exitCode).toBe(1);
    },
  );
});
