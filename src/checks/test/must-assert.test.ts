import { expect, test } from 'vitest';
import { aTest } from '../test-support.ts';
import { check } from './must-assert.ts';

const missing = (measured: number, allowed = 1) => [
  { code: 'CX-NO-ASSERTION', values: { measured, allowed } },
];

test.each([
  ['an assertion of expect', { assertions: 1 }, 0, 1, []],
  ['an assertion of another library', { assertions: 0 }, 1, 1, []],
  ['none', { assertions: 0 }, 0, 1, missing(0)],
  ['too few', { assertions: 1 }, 1, 3, missing(2, 3)],
  ['a test that failed', { assertions: 0, state: 'failed' as const }, 0, 1, []],
  ['a test that is to fail', { assertions: 0, expectsFailure: true }, 0, 1, []],
  ['overlapped, with an own one', { assertions: 1, overlapped: true }, 0, 1, []],
  ['overlapped, with one that may be of another test', { assertions: 0, overlapped: true }, 1, 1, null],
  ['overlapped, and nothing was counted', { assertions: 0, overlapped: true }, 0, 1, null],
  ['concurrent, before another one began', { assertions: 0, concurrent: true }, 0, 1, null],
])('%s', (_name, facts, assertions, min, expected) => {
  expect(check.run(aTest(facts, { seen: { assertions } }), { min })).toEqual(expected);
});

test.each([
  ["import assert from 'node:assert';\nassert(1);", null],
  ["import assert from 'node:assert';", missing(0)],
  ["await request(app).get('/').expect(200);", null],
])('a file that asserts in a way that is not seen: %j', (source, expected) => {
  const input = aTest({ assertions: 0 }, { seen: { assertions: 0 }, source: () => source });
  expect(check.run(input, { min: 1 })).toEqual(expected);
});
