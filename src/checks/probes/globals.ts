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
        changed: names.filter((name) => before.has(name) && !Object.is(before.get(name), after.get(name))),
        removed: [...before.keys()].filter((name) => !after.has(name)),
      };
    };
  },
};

/** Values of data properties; an accessor counts as its getter, for calling it could load something. */
function snapshot(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
    found.set(name, descriptor?.get ?? descriptor?.value);
  }
  return found;
}
