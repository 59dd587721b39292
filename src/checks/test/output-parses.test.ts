import { expect, test } from 'vitest';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './output-parses.ts';

const raised = (message: string) => ({
  status: 'error' as const,
  error: { code: 'CX-PIPELINE-RAISED', message: `The pipeline raised ${message}` },
});

test.each<[string, Partial<PipelineRun>, string[], string[]]>([
  ['an object', { output: { plan: null } }, ['plan'], []],
  ['a field is missing', { output: { plan: [] } }, ['plan', 'why'], ['without why']],
  ['a text', { output: 'plan' }, [], ['not an object']],
  ['nothing', { output: null }, [], ['not an object']],
  [
    'an answer beyond parsing',
    raised('AdapterParseError: no field'),
    [],
    ['The pipeline raised AdapterParseError: no field'],
  ],
  ['another error', raised('ValueError: AdapterParseError'), [], []],
])('%s', (_name, changes, fields, expected) => {
  const results = check.run(anInput({ runs: [aRun(changes)] }), { fields });
  expect(results?.map(({ values }) => values['reason'])).toEqual(expected);
});
