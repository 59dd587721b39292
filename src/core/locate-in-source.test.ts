import { expect, test } from 'vitest';
import { locateInSource } from './locate-in-source.ts';

const SOURCE = `import { test } from 'vitest';
test('plain', () => {});
describe("group", () => {
  it.only(\`in backticks\`, () => {});
  test('it\\'s escaped', () => {});
});
test.each([[1, 2]])('adds %i and %i', () => {});
test.each\`a|b\`('of $a and $b', () => {});
for (const n of [1]) test(\`number \${n}\`, () => {});
test('with (brackets) and $', { timeout: 1 }, () => {});
const text = 'not a test';
`;

test.each([
  ['plain', 2],
  ['in backticks', 4],
  ["it's escaped", 5],
  ['adds 1 and 2', 7],
  ['of x and y', 8],
  ['number 7', 9],
  ['with (brackets) and $', 10],
])('%s', (name, line) => {
  expect(locateInSource(SOURCE, name)?.line).toBe(line);
});

test('the column is where the call begins', () => {
  expect(locateInSource(SOURCE, 'in backticks')).toEqual({ line: 4, column: 3 });
});

const NAMESAKES = `test('same', () => {});
describe('x', () => {
  beforeAll(() => use(')'));
  // test('same') is a comment
  test('same', () => {});
  describe('inner > most', () => {
    it('same', () => {});
  });
});
describe.each([['y'], ['z']])('suite %s', () => {
  test('same', () => {});
  test('of %s', () => {});
});
describe(Class, () => {
  describe('deep', () => test('same', () => {}));
});
describe.each([1])('%s', (n) => {
  test.each([
    ['a', 1],
  ])('of %s', () => {});
  test.each\`
    a
    \${'same'}
  \`('of $a', () => {});
  test(\`sa\${'me'}\`, () => {});
});
describe('x', () => test('other', () => {}));
`;

test.each([
  ['same', 1],
  ['x > same', 5],
  ['x > inner > most > same', 7],
  ['suite y > same', 11],
  ['suite z > same', 11],
  ['suite z > of a', 12],
  ['Class > deep > same', 15],
  ['1 > of a', 18],
  ['1 > same', 25],
  ['x > other', 27],
  ['of same', 12],
])('of several with the same name, %s stands in its suites', (name, line) => {
  expect(locateInSource(NAMESAKES, name)?.line).toBe(line);
});

test('a table of any length stands where its call begins', () => {
  const source = "it.each`\n  a\n  1\n`('adds $a', () => {});";
  expect(locateInSource(source, 'adds 1')).toEqual({ line: 1, column: 1 });
});

test.each(['not a test', 'unknown', 'adds'])('%s is not found', (name) => {
  expect(locateInSource(SOURCE, name)).toBeNull();
});
