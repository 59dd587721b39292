import { expect, test } from 'vitest';
import type { SuiteTest } from '../check.ts';
import { aSuite } from '../test-support.ts';
import { check } from './retries-explained.ts';

const find = async (source: string, changes: Partial<SuiteTest>) => {
  const suite = aSuite({ 'a.test.ts': source }, { name: 'group > adds', ...changes });
  return (await check.run(suite, { reason: '\\b(?:retry|flaky|#\\d+)' })).map(
    ({ values, place, test: broken }) => [values['retries'], place?.line, broken?.name],
  );
};

test.each<[string, string, Partial<SuiteTest>, unknown[]]>([
  ['no retry', 'test("adds");', {}, []],
  ['a retry', '\ntest("adds");', { retries: 2 }, [[2, 2, 'group > adds']]],
  ['one that is explained', '// Flaky: the port is sometimes taken\ntest("adds");', { retries: 1 }, []],
  [
    'a comment about something else',
    '// adds numbers\ntest("adds");',
    { retries: 1 },
    [[1, 2, 'group > adds']],
  ],
  ['one that failed all the same', 'test("adds");', { retries: 1, state: 'failed' }, []],
  ['a test that is not found', 'run(names);', { retries: 1 }, [[1, undefined, 'group > adds']]],
])('%s', async (_name, source, changes, expected) => {
  expect(await find(source, changes)).toEqual(expected);
});
