import { placeAt } from '../../core/locate-in-source.ts';
import { withoutComments } from '../../core/source-text.ts';
import type { SuiteCheck, SuiteResult } from '../check.ts';

/** `.only` left in a test file: the run is green because the rest of it does not run. */
export const check: SuiteCheck = {
  description: 'No test or suite is marked `.only`, which keeps its neighbours from running.',
  options: {},
  codes: { 'CX-FOCUSED': 'A test or suite is marked `.only`.' },
  run({ files, source }) {
    return files.flatMap((file): SuiteResult[] => {
      const text = source(file);
      if (text === null || !text.includes('.only')) return [];
      // A call or a table after `.only`, as in `test.only(`, `describe.only.each(` and it.only`…`.
      return [...withoutComments(text).matchAll(/\b([A-Za-z_$][\w$.]*\.only(?:\.\w+)*)\s*[(`]/g)].map(
        (match) => ({
          code: 'CX-FOCUSED',
          values: { call: match[1] as string },
          place: { file, line: placeAt(text, match.index).line },
        }),
      );
    });
  },
};
