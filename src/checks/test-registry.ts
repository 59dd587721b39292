import type { TestCheck } from './check.ts';
import { check as budgetRespected } from './test/budget-respected.ts';
import { check as dependencyOrder } from './test/dependency-order.ts';
import { check as maxDuration } from './test/max-duration.ts';
import { check as schemaStable } from './test/schema-stable.ts';

/** Every check of single tests, by name. Written by `scripts/registries.mjs` from the folder `test/`. */
export const TEST_CHECKS: Readonly<Record<string, TestCheck>> = {
  'budget-respected': budgetRespected,
  'dependency-order': dependencyOrder,
  'max-duration': maxDuration,
  'schema-stable': schemaStable,
};
