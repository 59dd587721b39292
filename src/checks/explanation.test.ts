import { expect, test } from 'vitest';
import { isExplained } from './explanation.ts';

test.each([
  ['code(); // because of #12', 1, true],
  ['// because of #12\ncode();', 2, true],
  ['/* because\n * of #12 */\ncode();', 3, true],
  ['// because of #12\n\ncode();', 3, false],
  ['code();', 1, false],
  ['code("because of #12");', 1, false],
  ['other(); // because of #12\ncode();', 2, false],
  ['// \ncode();', 2, false],
])('%j line %d', (source, line, expected) => {
  expect(isExplained(source, line, /\w{3,}/)).toBe(expected);
});
