import { expect, test } from 'vitest';
import { aSuite } from '../test-support.ts';
import { check } from './no-unexplained-skip.ts';

const find = async (source: string, options = {}) => {
  const suite = aSuite({ 'a.test.ts': source });
  const results = await check.run(suite, { reason: '\\w{3,}', todo: false, ...options });
  return results.map(({ values, place }) => [values['call'], place?.line]);
};

test.each([
  ['test.skip("a", () => {});', [['test.skip', 1]]],
  ['\ndescribe.skip.each([1])("a", () => {});', [['describe.skip.each', 2]]],
  ['test.skip("a", () => {}); // broken by #12', []],
  ['// needs a database\ntest.skip("a", () => {});', []],
  ['test("a", ({ skip }) => { skip(); });', [['skip()', 1]]],
  ['test("a", ({ skip }) => { skip("no database"); });', []],
  ['test("a", (ctx) => { ctx.skip(); });', [['ctx.skip', 1]]],
  ['test("a", (ctx) => { ctx.skip("no database"); });', []],
  ['test.skipIf(process.platform === "win32")("a", () => {});', []],
  ['test.todo("later");', []],
  ['// test.skip("a")', []],
  ['test("mentions skip", () => {});', []],
])('%s', async (source, expected) => {
  expect(await find(source)).toEqual(expected);
});

test('options', async () => {
  expect(await find('test.todo("later");', { todo: true })).toEqual([['test.todo', 1]]);
  expect(await find('test.skip("a"); // later', { reason: '#\\d+' })).toEqual([['test.skip', 1]]);
});
