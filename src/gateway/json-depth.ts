import type { Json } from '../core/json.ts';

/** Deeper values are refused: real ones nest a handful of levels, and hashing walks them recursively. */
export const MAX_DEPTH = 128;

/** Whether a value nests more than {@link MAX_DEPTH} levels. */
export function isTooDeep(value: Json): boolean {
  // level by level, because a recursive walk is what an endless nesting would break
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []));
  }
  return false;
}
