import { expect, test } from 'vitest';
import { aSuite } from '../test-support.ts';
import { check } from './no-focused.ts';

const find = async (source: string) =>
  (await check.run(aSuite({ 'a.test.ts': source }, { name: 'x > a' }), {})).map(({ values, place }) => [
    values['call'],
    place?.line,
  ]);

test.each([
  ['test.only("a", () => {});', [['test.only', 1]]],
  ['\ndescribe.only.each([1])("%s", () => {});', [['describe.only.each', 2]]],
  ['it.only`x`("a", () => {});', [['it.only', 1]]],
  ['my.own.only("a")', [['my.own.only', 1]]],
  ['test("a", () => {});', []],
  ['// test.only("a")', []],
  ['/* test.only("a") */ const text = "test.only(";', []],
  ['test("a", { only: true }, () => {});', [['test { only: true }', 1]]],
  ['describe("x", { only: true }, () => {\n  test("a", () => {}) });', [['describe { only: true }', 1]]],
  [
    'describe("x", () => {\n  own.each([1])("a", { tags: [], only: true }, () => {}) });',
    [['own.each { only: true }', 2]],
  ],
  ['test("a", { only: false }, () => use({ only: true }));', []],
  ['query("b", { only: true });', []],
  ['const only = { only: 1 }; use(set.only);', []],
])('%s', async (source, expected) => {
  expect(await find(source)).toEqual(expected);
});

test('a file is looked at once, and one that cannot be read is passed over', async () => {
  const suite = aSuite({ 'a.test.ts': 'test.only("a")' });
  const twice = { ...suite, tests: [...suite.tests, ...suite.tests] };
  expect(await check.run(twice, {})).toHaveLength(1);
  expect(await check.run({ ...suite, source: () => null }, {})).toEqual([]);
});
