import type { TestCheck } from '../check.ts';
import { assertsUnseen } from '../unseen-assertion.ts';

/** A test that asserts nothing passes whatever the code does. */
export const check: TestCheck = {
  description:
    "A test that passes has evaluated an assertion: of expect, of chai or of node:assert. `expect(value)` counts without a matcher too. Not seen are `assert(value)` of node:assert, called itself, assertions of types, and those of supertest, sinon, fast-check and a chai of the project's own: a test of a file with such a call counts as not attributable where nothing else asserts.",
  options: {
    min: { type: 'number', min: 1, default: 1, description: 'Least number of assertions.' },
  },
  codes: { 'CX-NO-ASSERTION': 'A test passed without having asserted anything.' },
  probes: ['assertions'],
  copesWithOverlap: true,
  run({ test, seen, source }, options) {
    const allowed = Number(options['min']);
    // One that has failed did find something; one that is to fail asserts by failing.
    if (test.state === 'failed' || test.expectsFailure || test.assertions >= allowed) return [];
    // What is counted for the whole process may be another test's; and vitest counts those of the `expect` that tests share
    // from 0 again whenever one begins, which is before its hooks are called.
    if (test.overlapped || test.concurrent) return null;
    const measured = test.assertions + (seen.assertions ?? 0);
    if (measured < allowed && assertsUnseen(source() ?? '')) return null;
    return measured >= allowed ? [] : [{ code: 'CX-NO-ASSERTION', values: { measured, allowed } }];
  },
};
