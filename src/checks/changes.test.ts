import { expect, test } from 'vitest';
import { changesBetween } from './changes.ts';

/** Compares things that are their names and values in one: `a1` is the value 1 of `a`. */
function changes(before: readonly string[], after: readonly string[]) {
  const namesOf = (things: readonly string[]) => things.map((thing) => thing.slice(0, 1));
  const asked: string[] = [];
  const found = changesBetween(namesOf(before), namesOf(after), (one, other) => {
    asked.push(`${before[one]} ${after[other]}`);
    return before[one] === after[other];
  });
  return { ...found, asked };
}

test.each([
  { what: 'nothing', before: ['a1', 'b1'], after: ['a1', 'b1'], expected: {} },
  { what: 'another order', before: ['a1', 'b1'], after: ['b1', 'a1'], expected: {} },
  { what: 'one more', before: ['a1'], after: ['a1', 'b1'], expected: { added: ['b'] } },
  { what: 'one less', before: ['a1', 'b1'], after: ['b1'], expected: { removed: ['a'] } },
  { what: 'another value', before: ['a1', 'b1'], after: ['a1', 'b2'], expected: { changed: ['b'] } },
  { what: 'one for another', before: ['a1'], after: ['b1'], expected: { added: ['b'], removed: ['a'] } },
  {
    what: 'all at once',
    before: ['a1', 'b1', 'c1'],
    after: ['d1', 'c1', 'a2'],
    expected: { added: ['d'], changed: ['a'], removed: ['b'] },
  },
  { what: 'the first of none', before: [], after: ['a1'], expected: { added: ['a'] } },
])('$what', ({ before, after, expected }) => {
  const { asked, ...found } = changes(before, after);
  expect(found).toEqual({ added: [], changed: [], removed: [], ...expected });
  expect(asked.filter((pair) => pair[0] !== pair[3])).toEqual([]);
});
