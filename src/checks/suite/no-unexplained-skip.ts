import { placeAt } from '../../core/locate-in-source.ts';
import { withoutComments } from '../../core/source-text.ts';
import type { SuiteCheck, SuiteResult } from '../check.ts';
import { isExplained } from '../explanation.ts';

/** `test.skip(`, `describe.skip.each(` and `todo`, and a `skip()` inside a test without a reason. */
const SKIP = /\b([A-Za-z_$][\w$.]*\.(?:skip|todo)(?:\.\w+)*)\s*[(`]|\b(skip)\(\s*\)/g;

/** A skipped test is forgotten unless somebody says why it is skipped. */
export const check: SuiteCheck = {
  description:
    'A skipped test or suite has a reason: a comment beside it or above it, or the note of a dynamic skip.',
  options: {
    reason: {
      type: 'string',
      default: '\\w{3,}',
      description: 'Regular expression that the comment must match, e.g. #\\d+ for the number of an issue.',
    },
    todo: {
      type: 'boolean',
      default: false,
      description: 'Whether `.todo` needs a reason too; it says itself what is to be done.',
    },
  },
  codes: { 'CX-SKIP-UNEXPLAINED': 'A test or suite is skipped without a reason.' },
  run({ files, source }, options) {
    const reason = new RegExp(String(options['reason']), 'u');
    return files.flatMap((file): SuiteResult[] => {
      const text = source(file);
      if (text === null || !/skip|todo/.test(text)) return [];
      return [...withoutComments(text).matchAll(SKIP)].flatMap((match): SuiteResult[] => {
        const call = match[1] ?? `${match[2]}()`;
        const { line } = placeAt(text, match.index);
        // `ctx.skip('reason')` looks like `test.skip('name')`: a reason is there.
        if (
          /^(ctx|context|t)\.skip$/.test(call) &&
          !/\(\s*\)/.test(text.slice(match.index, match.index + call.length + 4))
        )
          return [];
        if (call.endsWith('.todo') && options['todo'] !== true) return [];
        if (isExplained(text, line, reason)) return [];
        return [{ code: 'CX-SKIP-UNEXPLAINED', values: { call }, place: { file, line } }];
      });
    });
  },
};
