import type { Changes } from './observations.ts';

const NONE: Changes = { added: [], changed: [], removed: [] };

/**
 * What became of named things.
 *
 * @param before Their names; none stands twice.
 * @param after Their names later, in any order.
 * @param isSame Whether the thing at a place of `before` is the one at a place of `after`; asked for equal names only.
 */
export function changesBetween(
  before: readonly string[],
  after: readonly string[],
  isSame: (before: number, after: number) => boolean,
): Changes {
  // Nearly always: every test pays for this.
  const isUnchanged = (name: string, place: number) => name === after[place] && isSame(place, place);
  if (before.length === after.length && before.every(isUnchanged)) return NONE;
  const placesBefore = new Map(before.map((name, place) => [name, place]));
  const namesAfter = new Set(after);
  const isChanged = (name: string, place: number) => {
    const placeBefore = placesBefore.get(name);
    return placeBefore !== undefined && !isSame(placeBefore, place);
  };
  return {
    added: after.filter((name) => !placesBefore.has(name)),
    changed: after.filter(isChanged),
    removed: before.filter((name) => !namesAfter.has(name)),
  };
}
