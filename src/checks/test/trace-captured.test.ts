import { expect, test } from 'vitest';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './trace-captured.ts';

const silent = { calls: 0, inputTokens: 0, outputTokens: 0, estimated: false };

test.each<[string, Partial<PipelineRun>, number, number]>([
  ['stages', { stages: ['Predict'] }, 1, 0],
  ['none', { stages: [] }, 1, 1],
  ['too few', { stages: ['Predict'] }, 2, 1],
  ['a run that asked nothing', { stages: [], usage: silent }, 1, 0],
  ['a run that failed', { stages: [], status: 'error' }, 1, 0],
])('%s', (_name, changes, min, findings) => {
  expect(check.run(anInput({ runs: [aRun(changes)] }), { min })).toHaveLength(findings);
});
