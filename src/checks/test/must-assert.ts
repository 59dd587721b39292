import type { TestCheck } from '../check.ts';

/** A test that asserts nothing passes whatever the code does. */
export const check: TestCheck = {
  description: 'A test that passes has evaluated an assertion: of expect, of chai or of node:assert.',
  options: {
    min: { type: 'number', min: 1, default: 1, description: 'Least number of assertions.' },
  },
  codes: { 'CX-NO-ASSERTION': 'A test passed without having asserted anything.' },
  probes: ['assertions'],
  copesWithOverlap: true,
  run({ test, seen }, options) {
    const allowed = Number(options['min']);
    // One that has failed did find something; one that is to fail asserts by failing.
    if (test.state === 'failed' || test.expectsFailure || test.assertions >= allowed) return [];
    // What is counted for the whole process may be another test's.
    if (test.overlapped && test.assertions + (seen.assertions ?? 0) >= allowed) return null;
    const measured = test.assertions + (seen.assertions ?? 0);
    return measured >= allowed ? [] : [{ code: 'CX-NO-ASSERTION', values: { measured, allowed } }];
  },
};
