import type { SuiteCheck } from './check.ts';
import { check as docsCoherent } from './suite/docs-coherent.ts';
import { check as noFocused } from './suite/no-focused.ts';
import { check as noNewLint } from './suite/no-new-lint.ts';
import { check as noUnexplainedSkip } from './suite/no-unexplained-skip.ts';
import { check as protectedFilesUntouched } from './suite/protected-files-untouched.ts';
import { check as retriesExplained } from './suite/retries-explained.ts';

/** Every check of the whole run, by name. Written by `scripts/registries.mjs` from the folder `suite/`. */
export const SUITE_CHECKS: Readonly<Record<string, SuiteCheck>> = {
  'docs-coherent': docsCoherent,
  'no-focused': noFocused,
  'no-new-lint': noNewLint,
  'no-unexplained-skip': noUnexplainedSkip,
  'protected-files-untouched': protectedFilesUntouched,
  'retries-explained': retriesExplained,
};
