import { expect, test } from 'vitest';
import { anInput, aRun } from '../test-support.ts';
import { check } from './workflow-chain.ts';

const workflow = ['Read', 'Order', 'Check'];
const find = (stages: string[], optional: string[] = [], status: 'ok' | 'error' = 'ok') =>
  check
    .run(anInput({ runs: [aRun({ stages, workflow, status })] }), { optional })
    ?.map(({ values }) => [values['stage'], values['skipped']]);

test.each<[string, string[], unknown[]]>([
  ['every stage', ['Read', 'Order', 'Check'], []],
  ['repeats and others between', ['Read', 'Read', 'Other', 'Order', 'Read', 'Check'], []],
  ['one is skipped', ['Read', 'Check'], [['Order', true]]],
  ['out of order', ['Order', 'Read', 'Check'], [['Order', false]]],
  ['nothing at all', [], [['Read', true]]],
])('%s', (_name, stages, expected) => {
  expect(find(stages)).toEqual(expected);
});

test('a stage that may be left out, and a run that failed', () => {
  expect(find(['Read', 'Check'], ['Order'])).toEqual([]);
  expect(find(['Read'], [], 'error')).toEqual([]);
});

test('a run that asked nothing is left out where the article says so', () => {
  const usage = { calls: 0, inputTokens: 0, outputTokens: 0, estimated: false };
  const silent = anInput({ runs: [aRun({ stages: [], workflow, usage })] });
  expect(check.run(silent, { optional: [], silentRuns: true })).toHaveLength(1);
  expect(check.run(silent, { optional: [], silentRuns: false })).toEqual([]);
});
