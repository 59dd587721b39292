import { expect, test } from 'vitest';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './context-preserved.ts';

const run = (changes: Partial<PipelineRun>) =>
  aRun({ id: 'r', context: { code: { requests: 2, found: 2, inOutput: false } }, ...changes });
const find = (made: PipelineRun, options: object) =>
  check.run(anInput({ runs: [made] }), {
    inputs: [],
    references: [],
    arms: ['baseline', 'candidate'],
    ...options,
  });

test('an input that stands in every request', () => {
  expect(find(run({}), { inputs: ['code'] })).toEqual([]);
});

test('one that stands in some', () => {
  const some = run({ context: { code: { requests: 3, found: 2, inOutput: true } } });
  expect(find(some, { inputs: ['code'] })).toEqual([
    { code: 'CX-CONTEXT-LOST', values: { run: 'r', input: 'code', found: 2, requests: 3 } },
  ]);
});

test('a reference that the output lacks', () => {
  expect(find(run({}), { references: ['code'] })).toEqual([
    { code: 'CX-REFERENCE-LOST', values: { run: 'r', input: 'code' } },
  ]);
});

test('a name that no input has is no silent pass', () => {
  expect(find(run({}), { inputs: ['codes'] })).toEqual([
    { code: 'CX-CONTEXT-UNKNOWN', values: { run: 'r', input: 'codes' } },
  ]);
});

test('other arms and failed runs are left out', () => {
  expect(find(run({ arm: 'baseline' }), { references: ['code'], arms: ['candidate'] })).toEqual([]);
  expect(find(run({ status: 'error' }), { references: ['code'] })).toEqual([]);
});
