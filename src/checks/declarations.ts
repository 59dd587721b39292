import type { CheckDeclaration } from '../core/article.ts';
import { SUITE_CHECKS } from './suite-registry.ts';
import { TEST_CHECKS } from './test-registry.ts';

/**
 * Every built-in check by name. A rule that is judged test by test and over the whole run as well is a file in both
 * folders: it declares its options once, and its codes are those of both.
 */
export const DECLARATIONS: Readonly<Record<string, CheckDeclaration>> = Object.fromEntries(
  [...new Set([...Object.keys(TEST_CHECKS), ...Object.keys(SUITE_CHECKS)])].sort().map((name) => {
    const parts: CheckDeclaration[] = [TEST_CHECKS[name], SUITE_CHECKS[name]].filter(
      (part) => part !== undefined,
    );
    const { description = '', options = {} } = parts[0] ?? {};
    return [name, { description, options, codes: Object.assign({}, ...parts.map((part) => part.codes)) }];
  }),
);

/** Codes of what is wrong with an article or a check itself, with what each one means. */
export const ARTICLE_CODES: Readonly<Record<string, string>> = {
  'CX-EXPECT': 'A predicate of an article is not true.',
  'CX-CHECK-CRASHED': 'A check itself failed, so that the article says nothing.',
  'CX-WAIVER-EXPIRED': 'A waiver has reached its last day.',
  'CX-WAIVER-UNUSED': 'A waiver has nothing to set aside, or covers nothing that there is.',
  'CX-ARTICLE-IDLE': 'An article governs no test of the suite.',
};
