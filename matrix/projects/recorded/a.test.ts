import { expect } from 'vitest';
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
