import { expect, test } from 'vitest';
import { printable } from './format.ts';

test('a stranger’s text stays one line and commands no terminal', () => {
  expect(printable('a\n  b\x1b[31m\u202e\x07c')).toBe('a b?[31m??c');
  expect(printable('größer → 1')).toBe('größer → 1');
});
