import { callsOfTest, placeAt } from '../../core/locate-in-source.ts';
import { withoutComments } from '../../core/source-text.ts';
import type { SuiteCheck, SuiteResult } from '../check.ts';
import { callee, isSetByOption } from '../test-call.ts';

/** A call or a table after `.only`, as in `test.only(`, `describe.only.each(` and it.only`…`. */
const MARK = /\b([A-Za-z_$][\w$.]*\.only(?:\.\w+)*)\s*[(`]/g;

/** `.only` left in a test file: the run is green because the rest of it does not run. */
export const check: SuiteCheck = {
  description:
    'No test or suite is marked `.only`, or `{ only: true }` in its options, which keeps its neighbours from running.',
  options: {},
  codes: { 'CX-FOCUSED': 'A test or suite is marked `.only`.' },
  run({ files, tests, source }) {
    return files.flatMap((file): SuiteResult[] => {
      const text = source(file);
      if (text === null || !/\bonly\b/.test(text)) return [];
      const code = withoutComments(text);
      /** What focuses, by its offset. */
      const marks = new Map([...code.matchAll(MARK)].map((match) => [match.index, match[1] as string]));
      // The options of a call are known to be those of a test by the tests of the run.
      const own = /\bonly\s*:\s*true\b/.test(code) ? tests.filter((test) => test.file === file) : [];
      for (const call of own.flatMap(({ name }) => callsOfTest(text, name)))
        if (isSetByOption(code, call, 'only')) marks.set(call.start, `${callee(code, call)} { only: true }`);
      return [...marks].map(([at, call]): SuiteResult => {
        const place = { file, line: placeAt(text, at).line };
        return { code: 'CX-FOCUSED', values: { call }, place };
      });
    });
  },
};
