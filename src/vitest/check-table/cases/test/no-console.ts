import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { levels: ['warn', 'error'] },
  files: {
    'a.test.ts': `import { describe, test } from 'vitest';
describe('a parser', () => {
  test('reads', () => console.log('a level that may be used'));
});`,
  },
  broken: { from: 'console.log', to: 'console.warn' },
  finds: {
    code: 'CX-CONSOLE',
    test: 'a parser > reads',
    at: { file: 'a.test.ts', line: 3 },
    values: { level: 'warn' },
  },
};
