import { expect, test } from 'vitest';
import { aTest } from '../test-support.ts';
import { check } from './max-duration.ts';

const options = { ms: 100, coldStartMs: 50 };
const slow = (measured: number, allowed: number) => [
  { code: 'CX-BUDGET-DURATION', values: { measured, allowed } },
];

test.each([
  ['a test at its limit', { durationMs: 100 }, []],
  ['a slow test', { durationMs: 101.4 }, slow(101, 100)],
  ['one that is slow by less than a millisecond', { durationMs: 100.2345 }, slow(100.235, 100)],
  ['a cold start', { durationMs: 150, firstOfFile: true }, []],
  ['a cold start that is slow', { durationMs: 151, firstOfFile: true }, slow(151, 150)],
  ['slack is for the first test only', { durationMs: 150 }, slow(150, 100)],
])('%s', (_name, facts, expected) => {
  expect(check.run(aTest(facts), options)).toEqual(expected);
});
