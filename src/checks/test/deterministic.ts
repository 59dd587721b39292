import type { TestCheck } from '../check.ts';

/** The gate's own tests make their repeats within themselves, with seeds of their own. */
const OF_GATE = /^\.constitution\/gate\//;

/** The same test, run twice, must record the same values. */
export const check: TestCheck = {
  description:
    'A test that is run twice records the same values: those given to `record`, and outputs and tokens of runs. Where it uses `record` or `dspy` and does not repeat itself, it is repeated once, unless it has failed.',
  options: {
    ignore: {
      type: 'patterns',
      default: [],
      description: 'Regular expressions of names of values that may differ.',
    },
  },
  codes: {
    'CX-NOT-DETERMINISTIC': 'A test recorded another value than the time before.',
    'CX-NOT-REPEATED': 'A test recorded values once, and there was nothing to compare them with.',
  },
  needs: 'values',
  repeats: true,
  run({ test, values, earlierValues }, options) {
    const ignored = (options['ignore'] as string[]).map((source) => new RegExp(source, 'u'));
    const compared = (name: string) => !ignored.some((pattern) => pattern.test(name));
    const [first] = earlierValues;
    if (first === undefined) {
      // One that failed is told of anyway, and may be tried again.
      const wasOnce = test.state === 'passed' && test.repeatsLeft === 0 && !OF_GATE.test(test.file);
      const names = Object.keys(values).filter(compared);
      return wasOnce && names.length > 0 ? [{ code: 'CX-NOT-REPEATED', values: { names } }] : [];
    }
    const names = [...new Set([...Object.keys(first), ...Object.keys(values)])];
    return names
      .filter((name) => values[name] !== first[name] && compared(name))
      .map((name) => ({
        code: 'CX-NOT-DETERMINISTIC',
        values: { name, was: first[name] ?? null, is: values[name] ?? null },
      }));
  },
};
