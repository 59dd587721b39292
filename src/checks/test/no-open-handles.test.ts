import { expect, test } from 'vitest';
import { anInput } from '../test-support.ts';
import { check } from './no-open-handles.ts';

const find = (handles: Record<string, number>, allow: string[] = []) =>
  check.run(anInput({ seen: { handles } }), { allow });

test('nothing left', () => {
  expect(find({})).toEqual([]);
});

test('everything left is one finding', () => {
  expect(find({ Timeout: 2, TCPServerWrap: 1 })).toEqual([
    { code: 'CX-OPEN-HANDLES', values: { left: { Timeout: 2, TCPServerWrap: 1 } } },
  ]);
});

test('what is allowed is no finding', () => {
  expect(find({ Timeout: 2 }, ['Timeout'])).toEqual([]);
  expect(find({ Timeout: 2, File: 1 }, ['Timeout'])).toMatchObject([{ values: { left: { File: 1 } } }]);
});
