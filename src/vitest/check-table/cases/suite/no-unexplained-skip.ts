import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { test } from 'vitest';
// Needs the new parser.
test.skip('reads dates', () => {});
test('reads numbers', () => {});`,
  },
  broken: { from: '// Needs the new parser.', to: '' },
  finds: {
    code: 'CX-SKIP-UNEXPLAINED',
    test: null,
    at: { file: 'a.test.ts', line: 3 },
    values: { call: 'test.skip' },
  },
};
