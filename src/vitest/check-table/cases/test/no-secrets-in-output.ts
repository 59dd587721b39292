import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    // Put together when it is run: the source itself shows no key.
    'a.test.ts': `import { test } from 'vitest';
test('says who it is', () => console.log('key: ' + 'sk-' + 'a1'.repeat(2)));`,
  },
  broken: { from: 'repeat(2)', to: 'repeat(12)' },
  finds: {
    code: 'CX-SECRET-SHOWN',
    test: 'says who it is',
    at: { file: 'a.test.ts', line: 2 },
    values: { where: 'console.log', variable: null },
  },
};
