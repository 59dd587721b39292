import { describe, expect } from 'vitest';
import { test } from 'vitest-constitution/test';

let draws = 0;
test('steady', ({ record }) => {
  draws += 1;
  record('sum', 3);
  expect(draws).toBeGreaterThan(0);
});
test('ran twice, and this once', () => {
  expect(draws).toBe(2);
});
test('drifting', ({ record }) => {
  draws += 1;
  record('draw', draws);
  expect(draws).toBeGreaterThan(2);
});
// Vitest 3.2 hands no options of an extended test on, but those of its suite.
let attempts = 0;
describe('with one retry', { retry: 1 }, () => {
  test('fails', ({ record }) => {
    record('sum', 3);
    attempts += 1;
    expect(attempts).toBeGreaterThan(2);
  });
});
let calls = 0;
describe('with two retries', { retry: 2 }, () => {
  test('passes', ({ record }) => {
    record('sum', 3);
    calls += 1;
    expect(calls).toBeGreaterThan(0);
  });
});
test('failed in two attempts, and passed in two repeats', () => {
  expect([attempts, calls]).toEqual([2, 2]);
});
describe('repeats itself', { repeats: 2 }, () => {
  let runs = 0;
  test('drifting', ({ record }) => {
    runs += 1;
    record('draw', runs);
    expect(runs).toBeLessThan(4);
  });
});
