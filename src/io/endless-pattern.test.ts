import { expect, test } from 'vitest';
import { isEndless } from './endless-pattern.ts';

test.each(['^(a+)+$', '^parser > (\\w+\\s?)+$', '(x+x+)+y', '^(?:[a-z]*)*!', '(\\d+|\\d)*z$', '^(a|a)*$'])(
  '%s',
  (source) => {
    expect(isEndless(new RegExp(source, 'u'))).toBe(true);
  },
);

test.each([
  '^parser >',
  '(?:\\w+ > )*adds$',
  '^(a|b)+$',
  '^(?:[^>]+>)*[^>]+$',
  '#\\d+',
  '\\b(?:retry|flaky|#\\d+)',
  '(.+)@(.+)',
  '^a{2,3}(b{1,2})+$',
  '',
])('%s is sound', (source) => {
  expect(isEndless(new RegExp(source, 'u'))).toBe(false);
});
