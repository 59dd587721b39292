import type { TestCheck } from '../check.ts';

/** Keeps a test's wall time under a cap. */
export const check: TestCheck = {
  description: 'A test with its hooks ends within a fixed time.',
  options: {
    ms: {
      type: 'number',
      min: 1,
      default: 5000,
      description: 'Wall time of the test with its hooks, in milliseconds.',
    },
    coldStartMs: {
      type: 'number',
      min: 0,
      default: 1000,
      description: 'Added for the first test of a file, which pays for what the file loads lazily.',
    },
  },
  codes: { 'CX-BUDGET-DURATION': 'The test took longer than the article allows.' },
  run({ test }, options) {
    const allowed = Number(options['ms']) + (test.firstOfFile ? Number(options['coldStartMs']) : 0);
    if (test.durationMs <= allowed) return [];
    const rounded = Math.round(test.durationMs);
    // "100 ms, allowed are 100 ms" would be no reason.
    const measured = rounded > allowed ? rounded : Math.ceil(test.durationMs * 1000) / 1000;
    return [{ code: 'CX-BUDGET-DURATION', values: { measured, allowed } }];
  },
};
