import { ARTICLE_CODES, DECLARATIONS } from '../checks/declarations.ts';
import type { Optimization } from '../config/optimization.ts';
import { readOptimizations } from '../config/optimizations.ts';
import { packageRoot } from '../config/package-root.ts';
import { ERROR_CODES } from '../core/error-codes.ts';
import { renderChecksPage, renderErrorCodesPage } from '../report/checks-page.ts';
import { type OptimizationRow, renderOptimizersPage } from '../report/optimizers-page.ts';

/** Pages of the documentation that are written from the code, by file. `scripts/docs.mjs` writes them. */
export const PUBLISHED_DOCS: Readonly<Record<string, string>> = {
  'docs/checks.md': renderChecksPage(DECLARATIONS, ARTICLE_CODES),
  'docs/error-codes.md': renderErrorCodesPage(ERROR_CODES),
  'docs/optimizers.md': renderOptimizersPage(readOptimizations(packageRoot()).map(rowOf)),
};

function rowOf({
  role,
  optimizer,
  reflector,
  budget,
  status,
  validation,
  result,
  growth,
  spent,
}: Optimization): OptimizationRow {
  const before = result?.candidates[0];
  const best = result?.candidates[result.best];
  return {
    role,
    optimizer,
    reflector,
    budget,
    status,
    bugs: validation.length,
    programs: result?.candidates.length ?? 0,
    scores: before && best ? { before: before.score, best: best.score } : null,
    growth:
      growth?.tokens.mean.growth === null || growth === null
        ? null
        : { tokens: growth.tokens.mean.growth, latency: growth.latency?.mean.growth ?? null },
    spent,
  };
}
