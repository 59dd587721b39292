import { ARTICLE_CODES, DECLARATIONS } from '../checks/declarations.ts';
import { ERROR_CODES } from '../core/error-codes.ts';
import { renderChecksPage, renderErrorCodesPage } from '../report/checks-page.ts';

/** Pages of the documentation that are written from the code, by file. `scripts/docs.mjs` writes them. */
export const PUBLISHED_DOCS: Readonly<Record<string, string>> = {
  'docs/checks.md': renderChecksPage(DECLARATIONS, ARTICLE_CODES),
  'docs/error-codes.md': renderErrorCodesPage(ERROR_CODES),
};
