import { DECLARATIONS } from '../checks/declarations.ts';
import { articleSchema } from '../config/articles.ts';
import { PUBLISHED_SCHEMAS as OF_CONFIG, type PublishedSchema } from '../config/schemas.ts';

/** Every published file format, articles with the built-in checks among them. `scripts/schemas.mjs` writes them. */
export const PUBLISHED_SCHEMAS: readonly PublishedSchema[] = [
  {
    name: 'article',
    schema: articleSchema({ checks: DECLARATIONS, checkPredicate: () => null, anyProjectCheck: true }),
  },
  ...OF_CONFIG,
];
