import { expect, test } from 'vitest';
import { hashJson, type Json } from './json.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { reportCase } from './report-case.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';
import { groupRuns } from './verdict/runs.ts';

const diff = (was: Json, is: Json) => `${JSON.stringify(was)} | ${JSON.stringify(is)}`;

/** The case of one bug, from the outcomes of each arm; the output of a run is its outcome. */
function caseOf(
  baseline: readonly number[],
  candidate: readonly number[],
  change: Partial<PipelineRun> = {},
) {
  const runs = [
    ...baseline.map((outcome, repeat) => ({ arm: 'baseline' as const, outcome, repeat })),
    ...candidate.map((outcome, repeat) => ({ arm: 'candidate' as const, outcome, repeat, ...change })),
  ].map((fields) =>
    pipelineRun({
      output: { code: `${fields.outcome}` },
      outputHash: hashJson({ code: `${fields.outcome}` }),
      detail: `said of ${fields.outcome}`,
      ...fields,
    }),
  );
  const [bug] = groupRuns(runs);
  return reportCase(bug as NonNullable<typeof bug>, { split: 'test', judged: true, diff });
}

test.each<[string, number[], number[], string, boolean]>([
  ['won', [0, 0], [1, 1], 'won', false],
  ['lost', [1, 1], [0, 0], 'lost', false],
  ['kept', [1, 1], [1, 1], 'kept', false],
  ['won with mixed repeats', [0, 1], [1, 1], 'won', true],
  ['kept with mixed repeats in both arms', [0, 1], [1, 0], 'kept', true],
])('%s', (_, baseline, candidate, change, flaky) => {
  expect(caseOf(baseline, candidate)).toMatchObject({ change, flaky });
});

test('the arms part at the first repeat that differs in the way the bug does', () => {
  expect(caseOf([1, 0, 0], [0, 1, 1]).parting).toEqual({ repeat: 1, diff: '{"code":"0"} | {"code":"1"}' });
  expect(caseOf([1, 0, 1], [0, 0, 0]).parting).toEqual({ repeat: 0, diff: '{"code":"1"} | {"code":"0"}' });
  expect(caseOf([1, 0], [0, 1]).parting).toBeNull();
});

test('each output is there once, with what its scorer said; runs name it by its hash', () => {
  const built = caseOf([0, 0, 1], [1, 1, 1]);
  expect(Object.values(built.outputs)).toEqual([
    { output: { code: '0' }, detail: 'said of 0' },
    { output: { code: '1' }, detail: 'said of 1' },
  ]);
  for (const run of [...built.baseline, ...built.candidate]) {
    expect(built.outputs[run.outputHash]?.output).toEqual({ code: `${run.outcome}` });
  }
});

test('an errored run is not repaired and has no output', () => {
  const error = { code: 'CX-RUN-TIMEOUT', message: 'killed' };
  const built = caseOf([1], [1], { status: 'error', error, output: null, outputHash: hashJson(null) });
  expect(built).toMatchObject({ change: 'lost', candidate: [{ outcome: 0, errorCode: 'CX-RUN-TIMEOUT' }] });
  expect(Object.keys(built.outputs)).toEqual([hashJson({ code: '1' })]);
  expect(built.parting).toEqual({ repeat: 0, diff: '{"code":"1"} | null' });
});

test('a bug that lacks an arm has no change', () => {
  expect(caseOf([1], [])).toMatchObject({ change: null, flaky: false, parting: null });
});
