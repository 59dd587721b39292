import { expect, test } from 'vitest';
import type { SuiteTest } from '../check.ts';
import { aSuite } from '../test-support.ts';
import { check } from './no-unexplained-skip.ts';

const find = async (source: string, options = {}, test: Partial<SuiteTest> = {}) => {
  const suite = aSuite({ 'a.test.ts': source }, { name: 'x > a', ...test });
  const results = await check.run(suite, { reason: '\\w{3,}', todo: false, ...options });
  return results.map(({ values, place }) => [values['call'], place?.line]);
};

test.each([
  ['test.skip("a", () => {});', [['test.skip', 1]]],
  ['\ndescribe.skip.each([1])("a", () => {});', [['describe.skip.each', 2]]],
  ['test.skip("a", () => {}); // broken by #12', []],
  ['// needs a database\ntest.skip("a", () => {});', []],
  ['test.skipIf(process.platform === "win32")("a", () => {});', []],
  ['test.todo("later");', []],
  ['// test.skip("a")', []],
  ['test("mentions skip", () => {});', []],
])('%s', async (source, expected) => {
  expect(await find(source)).toEqual(expected);
});

test.each([
  ['test("a", ({ skip }) => { skip(); });', [['skip()', 1]]],
  ['test("a", (own) => {\n  own.skip(isWindows); });', [['skip()', 2]]],
  ['test("a", (own) => {\n  own.skip(); // no database\n });', []],
  ['test("a", { skip: true }, () => {});', [['test { skip: true }', 1]]],
  ['test("a", { skip: true }, () => {}); // no database', []],
  ['describe("x", { skip: true }, () => {\n  test("a", () => {}); });', [['describe { skip: true }', 1]]],
  ['own.skip("a", () => {});', [['own.skip', 1]]],
  ['test.skip("a", () => {});', [['test.skip', 1]]],
  ['test("a", { skip: isWindows }, () => {});', []],
  ['test("a", { todo: true }, () => {});', []],
  ['test.skipIf(isWindows)("a", () => { cursor.skip(10); });', []],
  ['describe.runIf(isWindows)("x", () => { test("a", () => { cursor.skip(10); }); });', []],
  ['test.only("b", () => { cursor.skip(10); }); test("a", () => {});', []],
])('what the run skipped without a note: %s', async (source, expected) => {
  expect(await find(source, {}, { state: 'skipped', mode: 'skip' })).toEqual(expected);
});

test.each([
  [{ state: 'skipped', note: 'no database' } as const, 'test("a", (c) => { c.skip("no database"); });'],
  [{ state: 'passed' } as const, 'test("a", () => { cursor.skip(10); cursor.skip(); });'],
])('%j needs no other reason', async (facts, source) => {
  expect(await find(source, {}, facts)).toEqual([]);
});

test('options', async () => {
  expect(await find('test.todo("later");', { todo: true })).toEqual([['test.todo', 1]]);
  const skipped = { state: 'skipped', mode: 'todo' } as const;
  const source = 'test("a", { todo: true }, () => {});';
  expect(await find(source, { todo: true }, skipped)).toEqual([['test { todo: true }', 1]]);
  expect(await find('test.skip("a"); // later', { reason: '#\\d+' })).toEqual([['test.skip', 1]]);
});
