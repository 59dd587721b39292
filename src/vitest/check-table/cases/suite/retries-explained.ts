import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { expect, test } from 'vitest';
// Flaky until the cache is warm.
test('is quick', { retry: 1 }, ({ task }) => expect(task.result?.retryCount).toBe(1));`,
  },
  broken: { from: '// Flaky until the cache is warm.', to: '' },
  finds: {
    code: 'CX-RETRY-UNEXPLAINED',
    test: 'is quick',
    at: { file: 'a.test.ts', line: 3 },
    values: { retries: 1 },
  },
};
