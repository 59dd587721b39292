import type { TestCheck } from '../check.ts';

/** The same test, run twice, must record the same values. */
export const check: TestCheck = {
  description:
    'Repeats and retries of a test record the same values: those given to `record`, and outputs and tokens of runs.',
  options: {
    ignore: {
      type: 'patterns',
      default: [],
      description: 'Regular expressions of names of values that may differ.',
    },
  },
  codes: { 'CX-NOT-DETERMINISTIC': 'A test recorded another value than the time before.' },
  needs: 'values',
  run({ values, earlierValues }, options) {
    const ignored = (options['ignore'] as string[]).map((source) => new RegExp(source, 'u'));
    const [first] = earlierValues;
    if (first === undefined) return [];
    const names = [...new Set([...Object.keys(first), ...Object.keys(values)])];
    return names
      .filter((name) => values[name] !== first[name] && !ignored.some((pattern) => pattern.test(name)))
      .map((name) => ({
        code: 'CX-NOT-DETERMINISTIC',
        values: { name, was: first[name] ?? null, is: values[name] ?? null },
      }));
  },
};
