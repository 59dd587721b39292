import { afterEach, test as base, beforeEach, describe, expect } from 'vitest';

const log: string[] = [];
const test = base.extend<{ number: number; doubled: number; always: string; whole: string }>({
  number: 21,
  doubled: async ({ number }, use) => {
    log.push('doubled begins');
    await use(number * 2);
    log.push('doubled ends');
  },
  always: [
    async ({ task }, use) => {
      log.push(`always begins for ${task.name}`);
      await use('always');
      log.push('always ends');
    },
    { auto: true },
  ],
  whole: [
    async ({}, use) => {
      log.push('whole begins');
      await use('file');
    },
    { scope: 'file' },
  ],
});

beforeEach(() => {
  log.push('beforeEach');
});
beforeEach<{ doubled: number }>(({ task }) => {
  void task;
});
afterEach(() => {
  log.push('afterEach');
});

test('a fixture', ({ doubled }) => {
  expect(doubled).toBe(42);
});
test('what the first one left', () => {
  expect(log).toEqual([
    'always begins for a fixture',
    'beforeEach',
    'doubled begins',
    'afterEach',
    'doubled ends',
    'always ends',
    'always begins for what the first one left',
    'beforeEach',
  ]);
});
test('a fixture of the file', ({ whole }) => {
  expect(whole).toBe('file');
});
test('the fixture of the file again', ({ whole }) => {
  expect(log.filter((line) => line === 'whole begins')).toHaveLength(1);
  expect(whole).toBe('file');
});
test('fixtures only [breaks]', ({ doubled }) => {
  void doubled;
});
test.fails('a failing test with fixtures', ({ doubled }) => {
  expect(doubled).toBe(0);
});
describe('scoped', () => {
  test.scoped({ number: 1 });
  test('another value', ({ doubled }) => {
    expect(doubled).toBe(2);
  });
});

const broken = base.extend<{ thrower: never }>({
  thrower: async () => {
    throw new Error('this fixture cannot be made');
  },
});
broken('a fixture that throws', ({ thrower }) => {
  void thrower;
});
const late = base.extend<{ untidy: number }>({
  untidy: async ({}, use) => {
    await use(1);
    throw new Error('this fixture cannot be cleaned up');
  },
});
late('a fixture that cannot be cleaned up', ({ untidy }) => {
  expect(untidy).toBe(1);
});
