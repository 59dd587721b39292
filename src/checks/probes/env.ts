import type { Changes, Probe } from '../observations.ts';

/** Environment variables that a test leaves added, changed or removed. */
export const probe: Probe<'env'> = {
  watch() {
    const before = { ...process.env };
    return () => changesBetween(before, process.env);
  },
};

function changesBetween(before: NodeJS.ProcessEnv, after: NodeJS.ProcessEnv): Changes {
  // One copy: every look at `process.env` is a call into the operating system's table.
  const now = { ...after };
  const names = Object.keys(now);
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    changed: names.filter((name) => Object.hasOwn(before, name) && before[name] !== now[name]),
    removed: Object.keys(before).filter((name) => !Object.hasOwn(now, name)),
  };
}
