import type { CheckResult } from '../core/finding.ts';
import type { Changes } from './observations.ts';

/** One finding for all that a test left changed, apart from what is allowed. */
export function leftovers(
  code: string,
  changes: Changes | undefined,
  allowed: readonly string[],
): CheckResult[] {
  const left = (names: readonly string[] = []) => names.filter((name) => !allowed.includes(name));
  const values = {
    added: left(changes?.added),
    changed: left(changes?.changed),
    removed: left(changes?.removed),
  };
  return Object.values(values).some((names) => names.length > 0) ? [{ code, values }] : [];
}
