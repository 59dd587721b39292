import type { CheckResult } from '../../core/finding.ts';
import type { TestCheck } from '../check.ts';
import { raisedClass } from '../raised-error.ts';

/** Errors of DSPy and of JSON that say: the answer of the model was not understood. */
const PARSE_ERRORS = ['AdapterParseError', 'JSONDecodeError', 'ValidationError', 'ParseError'];

/** An answer that is not understood is no answer. */
export const check: TestCheck = {
  description:
    "A run's output is an object with every declared field, and no answer of the LM was beyond parsing.",
  options: {
    fields: {
      type: 'strings',
      default: [],
      description: 'Fields that every output must have, null allowed.',
    },
  },
  codes: { 'CX-OUTPUT-UNPARSED': 'The output of a run was not understood, or lacks a field.' },
  needs: 'runs',
  run({ runs }, options) {
    const fields = options['fields'] as string[];
    return runs.flatMap((run): CheckResult[] => {
      const { id, status, error, output } = run;
      const broken = (reason: string) => [{ code: 'CX-OUTPUT-UNPARSED', values: { run: id, reason } }];
      if (status === 'error')
        return PARSE_ERRORS.includes(raisedClass(run) ?? '') ? broken(error?.message ?? '') : [];
      if (output === null || typeof output !== 'object' || Array.isArray(output))
        return broken('not an object');
      const missing = fields.filter((field) => !Object.hasOwn(output, field));
      return missing.length === 0 ? [] : broken(`without ${missing.join(', ')}`);
    });
  },
};
