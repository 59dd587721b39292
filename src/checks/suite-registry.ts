import type { SuiteCheck } from './check.ts';
import { check as noFocused } from './suite/no-focused.ts';

/** Every check of the whole run, by name. Written by `scripts/registries.mjs` from the folder `suite/`. */
export const SUITE_CHECKS: Readonly<Record<string, SuiteCheck>> = {
  'no-focused': noFocused,
};
