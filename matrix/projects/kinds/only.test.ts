import { describe, expect, test } from 'vitest';

test('left out', () => {});
test.only('chosen', () => {
  expect(1).toBe(1);
});
test.only('chosen [breaks]', () => {});
describe('a suite', () => {
  test('left out', () => {});
  test.only('chosen', () => {
    expect(1).toBe(1);
  });
});
describe.only('a chosen suite', () => {
  test('in it', () => {
    expect(1).toBe(1);
  });
});
