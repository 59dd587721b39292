import { expect, test } from 'vitest';
import { anInput, aRun } from '../test-support.ts';
import { check } from './no-secrets-in-output.ts';

const KEY = `sk-${'a1'.repeat(12)}`;
const find = (text: string, patterns: string[] = []) =>
  check
    .run(
      anInput({
        seen: {
          console: [{ level: 'log', text }],
          secrets: [{ name: 'DB_PASSWORD', value: 'correct horse' }],
        },
      }),
      {
        patterns,
      },
    )
    ?.map(({ values }) => values);

test.each([
  ['nothing', 'all is well', [], []],
  ['a form of key', `key ${KEY}`, [], [{ where: 'console.log', variable: null }]],
  [
    'a value of the environment',
    'pw=correct horse!',
    [],
    [{ where: 'console.log', variable: 'DB_PASSWORD' }],
  ],
  ['a pattern of the project', 'ACME-123', ['ACME-\\d+'], [{ where: 'console.log', variable: null }]],
])('%s', (_name, text, patterns, expected) => {
  const values = find(text, patterns);
  expect(values).toEqual(expected);
  expect(JSON.stringify(values)).not.toMatch(/sk-a1|correct horse|ACME/);
});

test('the output of a run', () => {
  const run = aRun({ output: { plan: [KEY] } });
  expect(check.run(anInput({ runs: [run] }), { patterns: [] })).toEqual([
    { code: 'CX-SECRET-SHOWN', values: { where: `run ${run.id}`, variable: null } },
  ]);
});
