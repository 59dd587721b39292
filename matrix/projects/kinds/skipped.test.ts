import { afterEach, beforeEach, describe, expect, test } from 'vitest';

beforeEach(({ skip, task }) => {
  if (task.name === 'skipped by a hook') skip('not in this hook');
});
afterEach(() => {});

test.skip('skipped', () => {
  expect(1).toBe(2);
});
test.todo('later');
test.todo('later, with a body', () => {});
test.skipIf(true)('skipped on a condition', () => {});
test.runIf(false)('not run', () => {});
test('skips itself', ({ skip }) => skip());
test('skips itself with a note', ({ skip }) => skip('not on this machine'));
test('skips itself on a condition', ({ skip }) => {
  skip(true, 'a condition');
});
test('skips itself after an assertion', ({ skip }) => {
  expect(1).toBe(1);
  skip('that is enough');
});
test('skipped by a hook', () => {});
describe.skip('a skipped suite', () => {
  test('in it', () => {});
});
describe.todo('a suite for later');
describe('a suite', () => {
  test('runs', () => {
    expect(1).toBe(1);
  });
  test.skip('in it skipped', () => {});
});
