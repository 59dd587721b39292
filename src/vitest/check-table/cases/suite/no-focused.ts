import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { describe, test } from 'vitest';
describe('sums', () => {
  test('adds', () => {});
});`,
  },
  broken: { from: "test('adds'", to: "test.only('adds'" },
  finds: {
    code: 'CX-FOCUSED',
    test: null,
    at: { file: 'a.test.ts', line: 3 },
    values: { call: 'test.only' },
  },
};
