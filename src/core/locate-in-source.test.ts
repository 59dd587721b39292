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

test.each(['not a test', 'unknown', 'adds'])('%s is not found', (name) => {
  expect(locateInSource(SOURCE, name)).toBeNull();
});
