import { expect, test } from 'vitest';
import type { RecordedValues } from '../check.ts';
import { anInput } from '../test-support.ts';
import { check } from './deterministic.ts';

const find = (earlierValues: RecordedValues[], values: RecordedValues, ignore: string[] = []) =>
  check
    .run(anInput({ earlierValues, values }), { ignore })
    ?.map(({ values: { name, was, is } }) => [name, was, is]);

test.each<[string, RecordedValues[], RecordedValues, string[], unknown[]]>([
  ['the first time', [], { a: '1' }, [], []],
  ['the same again', [{ a: '1' }], { a: '1' }, [], []],
  ['another value', [{ a: '1' }], { a: '2' }, [], [['a', '1', '2']]],
  ['a value more', [{}], { a: '2' }, [], [['a', null, '2']]],
  ['a value less', [{ a: '1', b: '1' }], { b: '1' }, [], [['a', '1', null]]],
  ['against the first, not the last', [{ a: '1' }, { a: '2' }], { a: '2' }, [], [['a', '1', '2']]],
  ['one that may differ', [{ 'time of day': '1' }], { 'time of day': '2' }, ['^time'], []],
])('%s', (_name, earlier, values, ignore, expected) => {
  expect(find(earlier, values, ignore)).toEqual(expected);
});
