import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { ms: 1000, coldStartMs: 0 },
  files: {
    'a.test.ts': `import { setTimeout } from 'node:timers/promises';
import { test } from 'vitest';
test('waits', () => setTimeout(1));`,
  },
  broken: { from: 'setTimeout(1)', to: 'setTimeout(1100)' },
  finds: {
    code: 'CX-BUDGET-DURATION',
    test: 'waits',
    at: { file: 'a.test.ts', line: 3 },
    values: { allowed: 1000 },
  },
};
