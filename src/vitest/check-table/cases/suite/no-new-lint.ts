import type { CheckCase } from '../../check-case.ts';

/** A linter that finds each line with a tab in it. */
const LINTER = `import { readFileSync } from 'node:fs';
const uri = '<here>/rules.txt';
const lines = readFileSync(uri, 'utf8').split('\\n');
const results = lines.flatMap((line, at) => line.includes('\\t') ? [{
  ruleId: 'no-tabs',
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: at + 1 } } }],
}] : []);
console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'tabs' } }, results }] }));
`;

export const sample: CheckCase = {
  options: { command: ['node', '<here>/linter.mjs'], known: '<here>/known.json' },
  files: {
    'linter.mjs': LINTER,
    'rules.txt': 'one\n\ttwo\nthree\n',
    'known.json': '{ "format": 1, "linters": { "tabs": { "<here>/rules.txt": { "no-tabs": 1 } } } }',
    'a.test.ts': `import { test } from 'vitest';
test('adds', () => {});`,
  },
  broken: { file: 'rules.txt', from: 'three', to: '\tthree' },
  finds: {
    code: 'CX-LINT-NEW',
    test: null,
    at: { file: 'rules.txt', line: 3 },
    values: { tool: 'tabs', rule: 'no-tabs', count: 2, known: 1 },
  },
};
