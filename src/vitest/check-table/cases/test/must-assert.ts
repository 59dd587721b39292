import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { expect, test } from 'vitest';
test('adds', () => { expect(1 + 1).toBe(2); });
test('subtracts', () => { expect(2 - 1).toBe(1); });`,
  },
  broken: { from: 'expect(2 - 1).toBe(1)', to: '2 - 1 === 1' },
  finds: {
    code: 'CX-NO-ASSERTION',
    test: 'subtracts',
    at: { file: 'a.test.ts', line: 3 },
    values: { measured: 0, allowed: 1 },
  },
};
