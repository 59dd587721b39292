import { describe, expect, test } from 'vitest';

test.each([
  [1, 1],
  [2, 3],
])('%i is %i', (a, b) => {
  expect(a).toBe(b);
});
test.each([{ a: 1 }, { a: 2 }])('an object with $a', ({ a }) => {
  expect(a).toBeGreaterThan(0);
});
test.each`
  a    | b
  ${1} | ${1}
`('a template with $a and $b', ({ a, b }) => {
  expect(a).toBe(b);
});
test.for([1, 2])('for %i', (value, { expect }) => {
  expect(value).toBeLessThan(2);
});
describe.each([1, 2])('suite %i', (value) => {
  test('in it', () => {
    expect(value).toBe(1);
  });
});
describe.for([1])('suite for %i', (value) => {
  test('in it [breaks]', () => {
    void value;
  });
});
test.each([1, 2])('each %i [breaks]', () => {});
