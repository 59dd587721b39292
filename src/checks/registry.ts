import { check as budgetRespected } from './builtin/budget-respected.ts';
import { check as dependencyOrder } from './builtin/dependency-order.ts';
import { check as schemaStable } from './builtin/schema-stable.ts';
import type { Check } from './check.ts';

/** Every built-in check by name. Written by `scripts/registries.mjs` from the folder `builtin/`. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'budget-respected': budgetRespected,
  'dependency-order': dependencyOrder,
  'schema-stable': schemaStable,
};
