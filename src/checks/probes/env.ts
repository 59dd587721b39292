import { changesBetween } from '../changes.ts';
import type { Probe } from '../observations.ts';

/** Environment variables that a test leaves added, changed or removed. */
export const probe: Probe<'env'> = {
  watch() {
    const before = snapshot();
    return () => {
      const after = snapshot();
      const isSame = (one: number, other: number) => before.values[one] === after.values[other];
      return changesBetween(before.names, after.names, isSame);
    };
  },
};

interface Snapshot {
  readonly names: readonly string[];
  readonly values: readonly (string | undefined)[];
}

/** Every look at `process.env` is a call into the operating system's table: one for the names, one for each value. */
function snapshot(): Snapshot {
  const { env } = process;
  const names = Object.keys(env);
  return { names, values: names.map((name) => env[name]) };
}
