import type { SuiteCheck, SuiteResult } from '../check.ts';
import { isExplained, lineOfTest } from '../explanation.ts';

/** A test that passes only when it is asked again hides something. */
export const check: SuiteCheck = {
  description: 'A test that needed a retry to pass has a comment beside it or above it that says why.',
  options: {
    reason: {
      type: 'pattern',
      default: '\\b(?:retry|flaky|#\\d+)',
      description: 'What the comment must match.',
    },
  },
  codes: { 'CX-RETRY-UNEXPLAINED': 'A test passed only after a retry, and nobody says why.' },
  run({ tests, source }, options) {
    const reason = new RegExp(String(options['reason']), 'iu');
    return tests
      .filter((test) => test.state === 'passed' && test.retries > 0)
      .flatMap(({ name, file, project, retries }): SuiteResult[] => {
        const text = source(file);
        const line = text === null ? null : lineOfTest(text, name);
        if (text !== null && line !== null && isExplained(text, line, reason)) return [];
        const place = line === null ? {} : { place: { file, line } };
        return [
          { code: 'CX-RETRY-UNEXPLAINED', values: { retries }, test: { name, file, project }, ...place },
        ];
      });
  },
};
