import { callsOfTest, placeAt } from '../../core/locate-in-source.ts';
import { withoutComments } from '../../core/source-text.ts';
import type { SuiteCheck, SuiteResult } from '../check.ts';
import { isExplained } from '../explanation.ts';
import { callee, isSetByOption } from '../test-call.ts';

/** `test.skip(`, `describe.skip.each(` and `todo`, in the names that vitest exports. */
const MARK = /\b((?:test|it|describe|suite)(?:\.\w+)*\.(?:skip|todo)(?:\.\w+)*)\s*[(`]/g;

/** A skipped test is forgotten unless somebody says why it is skipped. */
export const check: SuiteCheck = {
  description:
    'A skipped test or suite has a reason: a comment beside it or above it, or the note of a dynamic skip. `skipIf`, `runIf` and an option that is computed say it with their condition.',
  options: {
    reason: {
      type: 'pattern',
      default: '\\w{3,}',
      description: 'What the comment must match, e.g. #\\d+ for the number of an issue.',
    },
    todo: {
      type: 'boolean',
      default: false,
      description: 'Whether `.todo` needs a reason too; it says itself what is to be done.',
    },
  },
  codes: { 'CX-SKIP-UNEXPLAINED': 'A test or suite is skipped without a reason.' },
  run({ files, tests, source }, options) {
    const reason = new RegExp(String(options['reason']), 'u');
    const skipped = tests.filter(({ state, note }) => state === 'skipped' && !note);
    return files.flatMap((file): SuiteResult[] => {
      const text = source(file);
      if (text === null || !/skip|todo/.test(text)) return [];
      const code = withoutComments(text);
      /** What skips, by its offset. */
      const calls = new Map([...code.matchAll(MARK)].map((match) => [match.index, match[1] as string]));
      // Marks in names of the project's own, in options, and calls inside a test are known by what the run skipped.
      for (const test of skipped)
        if (test.file === file) for (const [at, call] of skipsOf(text, code, test.name)) calls.set(at, call);
      return [...calls].flatMap(([at, call]): SuiteResult[] => {
        const { line } = placeAt(text, at);
        if (/\btodo\b/.test(call) && options['todo'] !== true) return [];
        if (isExplained(text, line, reason)) return [];
        return [{ code: 'CX-SKIP-UNEXPLAINED', values: { call }, place: { file, line } }];
      });
    });
  },
};

/** What skipped a test, by its offset; none where nothing in its file does, as for a neighbour of `.only`. */
function skipsOf(text: string, code: string, name: string): [at: number, call: string][] {
  const calls = callsOfTest(text, name);
  for (const call of calls.toReversed()) {
    const called = callee(code, call);
    if (/\.(?:skip|todo)\b/.test(called)) return [[call.start, called]];
    for (const option of ['skip', 'todo'])
      if (isSetByOption(code, call, option)) return [[call.start, `${called} { ${option}: true }`]];
    if (/\.(?:skipIf|runIf)\b/.test(called)) return [];
  }
  const [test] = calls;
  if (test === undefined) return [];
  const inside = /\bskip\s*\(/.exec(code.slice(test.bracket, test.end));
  return inside === null ? [] : [[test.bracket + inside.index, 'skip()']];
}
