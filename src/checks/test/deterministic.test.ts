import { expect, test } from 'vitest';
import type { RecordedValues } from '../check.ts';
import { anInput, aTest } from '../test-support.ts';
import { check } from './deterministic.ts';

const find = (earlierValues: RecordedValues[], values: RecordedValues, ignore: string[] = []) =>
  check
    .run(anInput({ earlierValues, values }), { ignore })
    ?.map(({ values: { name, was, is } }) => [name, was, is]);

test.each<[string, RecordedValues[], RecordedValues, string[], unknown[]]>([
  ['the same again', [{ a: '1' }], { a: '1' }, [], []],
  ['another value', [{ a: '1' }], { a: '2' }, [], [['a', '1', '2']]],
  ['a value more', [{}], { a: '2' }, [], [['a', null, '2']]],
  ['a value less', [{ a: '1', b: '1' }], { b: '1' }, [], [['a', '1', null]]],
  ['against the first, not the last', [{ a: '1' }, { a: '2' }], { a: '2' }, [], [['a', '1', '2']]],
  ['one that may differ', [{ 'time of day': '1' }], { 'time of day': '2' }, ['^time'], []],
])('%s', (_name, earlier, values, ignore, expected) => {
  expect(find(earlier, values, ignore)).toEqual(expected);
});

test.each<[string, Parameters<typeof aTest>[0], RecordedValues, string[], string[][]]>([
  ['a value that nothing repeats', {}, { a: '1' }, [], [['a']]],
  ['one that may differ', {}, { a: '1' }, ['a'], []],
  ['one that is still to be repeated', { repeatsLeft: 1 }, { a: '1' }, [], []],
  ['one of a test that failed', { state: 'failed' }, { a: '1' }, [], []],
  [
    'one of the gate, whose repeats are its own',
    { file: '.constitution/gate/coder-1.test.ts' },
    { a: '1' },
    [],
    [],
  ],
])('says that there is nothing to compare: %s', (_name, facts, values, ignore, expected) => {
  const found = check.run(aTest(facts, { values }), { ignore });
  expect(found?.map(({ values: { names } }) => names)).toEqual(expected);
});
