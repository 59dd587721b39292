import { changesBetween } from '../changes.ts';
import type { Probe } from '../observations.ts';

/** Own properties of `globalThis` that a test leaves added, changed or removed; those with symbols as keys do not count. */
export const probe: Probe<'globals'> = {
  watch() {
    const before = snapshot();
    return () => {
      const after = snapshot();
      return changesBetween(before.names, after.names, (one, other) => {
        const getter = before.getters[one];
        const getterNow = after.getters[other];
        // Node's own lazy properties become values when they are first read: that is no change of the test's.
        if (getter !== undefined && getterNow === undefined) return true;
        return getter === getterNow && Object.is(before.values[one], after.values[other]);
      });
    };
  },
};

interface Snapshot {
  readonly names: readonly string[];
  readonly getters: readonly unknown[];
  readonly values: readonly unknown[];
}

/** An accessor counts as its getter, for calling it could load something. */
function snapshot(): Snapshot {
  const names = Object.getOwnPropertyNames(globalThis);
  const getters: unknown[] = [];
  const values: unknown[] = [];
  for (const name of names) {
    const descriptor = Reflect.getOwnPropertyDescriptor(globalThis, name);
    getters.push(descriptor?.get);
    values.push(descriptor?.value);
  }
  return { names, getters, values };
}
