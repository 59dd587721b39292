import { describe, expect, test } from 'vitest';
import { type AblationArm, ablationRows } from './ablation.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { judgeImprovement } from './verdict/improvement.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from './verdict/policy.ts';

const options = { policy: DEFAULT_POLICY, seed: 'test', resamples: 300 };

/** Two runs each of 12 bugs of a role: those from `solvedFrom` on are solved. */
function runs(role: string, solvedFrom: number, fields: Partial<PipelineRun> = {}): PipelineRun[] {
  return Array.from({ length: 12 }, (_, at) => at).flatMap((at) =>
    [0, 1].map((repeat) =>
      pipelineRun({ role, case: `bug-${at}`, repeat, outcome: Number(at >= solvedFrom), ...fields }),
    ),
  );
}
const baseline = [...runs('coder', 6), ...runs('planner', 8)];
const as = (name: string, own: readonly PipelineRun[]): AblationArm => ({
  name,
  title: `title of ${name}`,
  runs: own.map((run) => ({ ...run, arm: 'candidate', pipeline: name, environment: 'dspy-3.0.1' })),
});
const rowsOf = (...arms: AblationArm[]) => ablationRows(baseline, arms, options);

describe('ablationRows', () => {
  test('begins with the baseline, which is compared with nothing', () => {
    const rows = rowsOf();
    expect(rows.map(({ name, role, solved, runs }) => [name, role, solved, runs])).toEqual([
      ['baseline', 'coder', 12, 24],
      ['baseline', 'planner', 8, 24],
      ['baseline', 'together', 20, 48],
    ]);
    expect(rows[0]).toMatchObject({
      pipeline: 'coder-baseline',
      environment: 'dspy-2.6.27',
      tokens: 220,
      calls: 1,
      latencyMs: 410,
      latencyBasis: 'modelled',
      relative: null,
      interval: null,
      pValue: null,
    });
  });

  test('each arm is compared with the baseline on the same bugs, as the verdict compares', () => {
    const rows = rowsOf(as('better', [...runs('coder', 3), ...runs('planner', 2)]));
    const coder = rows.find((row) => row.name === 'better' && row.role === 'coder');
    expect(coder).toMatchObject({ title: 'title of better', pipeline: 'better', solved: 18, runs: 24 });
    expect(coder?.relative).toBeCloseTo(0.5, 12);
    const judged = judgeImprovement(
      Array.from({ length: 12 }, (_, at) => ({
        role: 'coder',
        bug: `bug-${at}`,
        baseline: [Number(at >= 6), Number(at >= 6)],
        candidate: [Number(at >= 3), Number(at >= 3)],
      })),
      options,
      'ablation/better/coder',
    );
    expect(coder).toMatchObject({ interval: judged.interval, pValue: judged.pValue });
    const together = rows.find((row) => row.name === 'better' && row.role === 'together');
    expect(together).toMatchObject({ solved: 38, runs: 48, pipeline: null, environment: null });
    expect(together?.relative).toBeCloseTo(38 / 20 - 1, 12);
  });

  test('an arm that leaves out a role has no row together', () => {
    expect(rowsOf(as('coder-only', runs('coder', 3))).map(({ name, role }) => `${name}/${role}`)).toEqual([
      'baseline/coder',
      'baseline/planner',
      'baseline/together',
      'coder-only/coder',
    ]);
  });

  test('figures of use are means over bugs, whatever their number of runs', () => {
    const uneven = runs('coder', 0).map((run, index) => ({
      ...run,
      usage: {
        calls: index < 2 ? 4 : 1,
        inputTokens: index < 2 ? 1000 : 100,
        outputTokens: 0,
        estimated: false,
      },
    }));
    const row = rowsOf(as('uneven', uneven.slice(1))).find(({ name }) => name === 'uneven');
    expect(row).toMatchObject({ bugs: 12, runs: 23 });
    expect(row?.tokens).toBeCloseTo((1000 + 11 * 100) / 12, 9);
    expect(row?.calls).toBeCloseTo((4 + 11) / 12, 9);
  });

  test('an arm has its own number of samples, and its own broken rules', () => {
    const single = runs('planner', 8, { violations: { order: 2, resource: 1 } }).filter(
      ({ repeat }) => repeat === 0,
    );
    const rows = rowsOf(as('single', single));
    expect(rows.map(({ name, role, repeats, violations }) => [name, role, repeats, violations])).toEqual([
      ['baseline', 'coder', 2, 0],
      ['baseline', 'planner', 2, 0],
      ['baseline', 'together', 2, 0],
      ['single', 'planner', 1, 36],
    ]);
  });

  test('errored runs are counted, and not as solved', () => {
    const error = { code: 'CX-PIPELINE-RAISED', message: 'm' };
    const row = rowsOf(as('raises', runs('coder', 0, { status: 'error', error }))).find(
      ({ name }) => name === 'raises',
    );
    expect(row).toMatchObject({ errors: 24, solved: 0, runs: 24, relative: -1 });
  });

  test('bugs that the baseline did not run are left out', () => {
    const row = rowsOf(as('more', [...runs('coder', 3), pipelineRun({ case: 'other' })])).find(
      ({ name }) => name === 'more',
    );
    expect(row).toMatchObject({ bugs: 12, runs: 24 });
  });

  test('without any run there is no row', () => {
    expect(ablationRows([], [], options)).toEqual([]);
  });
});
