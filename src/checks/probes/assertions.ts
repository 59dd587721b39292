import { assertionCount, countAssertionsOf } from '../assertion-count.ts';
import type { Probe } from '../observations.ts';

/** Assertions of `node:assert`, and of whatever else is counted; a call of `assert(value)` itself is not seen. */
export const probe: Probe<'assertions'> = {
  install() {
    const assert = process.getBuiltinModule('node:assert');
    countAssertionsOf(assert);
    countAssertionsOf(assert.strict);
    // `import { equal } from 'node:assert'` sees the wrappers too.
    process.getBuiltinModule('node:module').syncBuiltinESMExports();
  },
  watch() {
    const before = assertionCount();
    return () => assertionCount() - before;
  },
};
