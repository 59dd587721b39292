import { expect, test } from 'vitest';
import { NotSarif, readSarif } from './sarif.ts';

const log = (results: unknown, driver: unknown = { name: 'ruff' }) =>
  JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results }] });
const at = (uri: unknown, startLine?: unknown) => ({
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine } } }],
});

test.each([
  ['a relative path', 'src/a.py', 'src/a.py'],
  ['one that begins with a dot', './src/a.py', 'src/a.py'],
  ['an absolute path', '/project/src/a.py', 'src/a.py'],
  ['a file URL', 'file:///project/src/a.py', 'src/a.py'],
  ['escaped characters', 'src/my%20file.py', 'src/my file.py'],
  ['an escape that is none', 'src/100%.py', 'src/100%.py'],
  ['a file URL of another machine', 'file://host/a.py', 'file:/host/a.py'],
  ['outside of the root', '/elsewhere/a.py', '../elsewhere/a.py'],
  ['no path at all', 7, ''],
])('%s', (_, uri, file) => {
  const { violations } = readSarif(log([{ ruleId: 'F401', ...at(uri, 3) }]), '/project');
  expect(violations).toEqual([{ file, rule: 'F401', line: 3 }]);
});

test('rules and lines as far as they are named; in the order of files and lines', () => {
  const results = [
    { ruleId: 'B', ...at('b.py', 2) },
    { rule: { id: 'A' }, ...at('b.py', 1) },
    { ruleId: '', ...at('a.py', 0) },
    { message: { text: 'whatever' } },
  ];
  expect(readSarif(log(results), '/project')).toEqual({
    tool: 'ruff',
    violations: [
      { file: '', rule: 'unnamed', line: null },
      { file: 'a.py', rule: 'unnamed', line: null },
      { file: 'b.py', rule: 'A', line: 1 },
      { file: 'b.py', rule: 'B', line: 2 },
    ],
  });
});

test('a linter that finds nothing', () => {
  expect(readSarif(log(undefined), '/project').violations).toEqual([]);
});

test.each([
  ['text', 'All checks passed!'],
  ['an empty output', ''],
  ['JSON of another kind', '[{"code":"F401"}]'],
  ['null', 'null'],
  ['no run', '{"runs":[]}'],
  ['a tool without a name', log([], {})],
  ['a name that is inherited', '{"runs":[{"tool":{"driver":{"__proto__":{"name":"x"}}}}]}'],
])('%s is no report', (_, text) => {
  expect(() => readSarif(text, '/project')).toThrow(NotSarif);
});
