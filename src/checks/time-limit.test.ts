import { expect, test } from 'vitest';
import { callWithin } from './time-limit.ts';

test('gives what the function gives', () => {
  expect(callWithin(1_000, () => [1, 2])).toEqual([1, 2]);
});

test('passes on what the function throws', () => {
  expect(() =>
    callWithin(1_000, () => {
      throw new RangeError('boom');
    }),
  ).toThrow(new RangeError('boom'));
});

test('ends an endless loop', () => {
  expect(() =>
    callWithin(20, () => {
      for (;;);
    }),
  ).toThrow(expect.objectContaining({ code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' }));
});
