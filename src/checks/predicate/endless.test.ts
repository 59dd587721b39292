import { expect, test } from 'vitest';
import { endlessPart } from './endless.ts';
import { checkPredicate } from './predicate.ts';

const loops = (number: number) => `${'[1, 2].all(x, '.repeat(number)}true${')'.repeat(number)}`;

test.each<[string, string, number]>([
  [loops(4), 'more than 3 loops inside of each other', 52],
  ["test.name.matches('^(a+)+$')", 'a regular expression that some texts hang', 18],
  ['test.name.matches("(")', 'not a regular expression', 18],
  ["test.name.matches(r'[')", 'not a regular expression', 18],
])('%s is refused', (source, message, offset) => {
  expect(endlessPart(source)).toEqual({ message, offset });
  expect(checkPredicate(source, { budget: false })).toEqual({ message, offset });
});

test.each([
  loops(3),
  'runs.all(r, r.calls < 7) && runs.all(r, r.calls < 7) && runs.exists(r, true) && runs.exists(r, true)',
  String.raw`test.name.matches('^\\w+ > .*$') || test.name == '.all(((('`,
  '(((((test.retries < 1)))))',
])('%s is not', (source) => {
  expect(endlessPart(source)).toBeNull();
  expect(checkPredicate(source, { budget: false })).toBeNull();
});
