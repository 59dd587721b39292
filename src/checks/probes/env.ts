import { changesBetween } from '../changes.ts';
import type { Probe } from '../observations.ts';

/**
 * Environment variables that a test leaves added, changed or removed. Every look at `process.env` is a call into the
 * operating system's table: there is one for all names, and one for each value.
 */
export const probe: Probe<'env'> = {
  watch() {
    const before = names();
    const values = before.map((name) => process.env[name]);
    return () => {
      const after = names();
      const { env } = process;
      return changesBetween(before, after, (one, other) => values[one] === env[after[other] as string]);
    };
  },
};

/** All own names: whether a variable is enumerable would be asked of each. */
function names(): readonly string[] {
  return Object.getOwnPropertyNames(process.env);
}
