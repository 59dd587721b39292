import { changesBetween } from '../changes.ts';
import type { Probe } from '../observations.ts';

/** Own properties of `globalThis` that a test leaves added, changed or removed; those with symbols as keys do not count. */
export const probe: Probe<'globals'> = {
  watch() {
    const before = names();
    const properties = before.map(property);
    return () => {
      const after = names();
      return changesBetween(before, after, (one, other) =>
        isSame(properties[one], property(after[other] as string)),
      );
    };
  },
};

function names(): readonly string[] {
  return Object.getOwnPropertyNames(globalThis);
}

/** An accessor counts as its getter, for calling it could load something. */
function property(name: string): PropertyDescriptor | undefined {
  return Reflect.getOwnPropertyDescriptor(globalThis, name);
}

/** Node's own lazy properties become values when they are first read: that is no change of the test's. */
function isSame(before: PropertyDescriptor | undefined, after: PropertyDescriptor | undefined): boolean {
  if (before?.get !== undefined && after?.get === undefined) return true;
  return before?.get === after?.get && Object.is(before?.value, after?.value);
}
