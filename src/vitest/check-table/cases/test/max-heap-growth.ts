import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { mib: 16 },
  files: {
    'a.test.ts': `import { expect, test } from 'vitest';
const cache = new Map<string, unknown>();
const load = () => Array.from({ length: 2e6 }, (_, id) => ({ id }));
test('counts rows', () => {
  const rows = load();
  expect(rows).toHaveLength(2e6);
});
test('forgets', () => expect(cache.size).toBeLessThan(2));`,
  },
  broken: { from: 'const rows = load();', to: "const rows = load(); cache.set('rows', rows);" },
  finds: {
    code: 'CX-HEAP-GROWTH',
    test: 'counts rows',
    at: { file: 'a.test.ts', line: 4 },
    values: { allowed: 16 },
  },
};
