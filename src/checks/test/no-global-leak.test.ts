import { expect, test } from 'vitest';
import { anInput } from '../test-support.ts';
import { check } from './no-global-leak.ts';

const find = (changes: Partial<Record<'added' | 'changed' | 'removed', string[]>>, allow: string[] = []) =>
  check.run(anInput({ seen: { globals: { added: [], changed: [], removed: [], ...changes } } }), { allow });

test('nothing left', () => {
  expect(find({})).toEqual([]);
});

test('everything left is one finding', () => {
  expect(find({ added: ['A'], changed: ['B'], removed: ['C'] })).toEqual([
    { code: 'CX-GLOBAL-LEAK', values: { added: ['A'], changed: ['B'], removed: ['C'] } },
  ]);
});

test('what is allowed is no finding', () => {
  expect(find({ added: ['A'] }, ['A'])).toEqual([]);
  expect(find({ added: ['A', 'B'] }, ['A'])).toMatchObject([{ values: { added: ['B'] } }]);
});
