import type { Probe } from '../observations.ts';

/** Own properties of `globalThis` that a test leaves added, changed or removed. */
export const probe: Probe<'globals'> = {
  watch() {
    const before = snapshot();
    return () => {
      const after = snapshot();
      const names = [...after.keys()];
      return {
        added: names.filter((name) => !before.has(name)),
        changed: names.filter((name) => before.has(name) && !isSame(before.get(name), after.get(name))),
        removed: [...before.keys()].filter((name) => !after.has(name)),
      };
    };
  },
};

interface Property {
  readonly get: unknown;
  readonly value: unknown;
}

/** Node's own lazy properties become values when they are first read: that is no change of the test's. */
function isSame(before: Property | undefined, after: Property | undefined): boolean {
  if (before?.get !== undefined && after?.get === undefined) return true;
  return Object.is(before?.get, after?.get) && Object.is(before?.value, after?.value);
}

/** An accessor counts as its getter, for calling it could load something. */
function snapshot(): Map<string, Property> {
  const found = new Map<string, Property>();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
    found.set(name, { get: descriptor?.get, value: descriptor?.value as unknown });
  }
  return found;
}
