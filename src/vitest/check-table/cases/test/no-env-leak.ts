import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { afterAll, afterEach, test, vi } from 'vitest';
afterAll(() => void Reflect.deleteProperty(process.env, 'LITTLE_MODE'));
afterEach(() => void vi.unstubAllEnvs());
test('reads its settings', () => void vi.stubEnv('LITTLE_MODE', 'fast'));`,
  },
  broken: { from: "vi.stubEnv('LITTLE_MODE', 'fast')", to: "(process.env['LITTLE_MODE'] = 'fast')" },
  finds: {
    code: 'CX-ENV-LEAK',
    test: 'reads its settings',
    at: { file: 'a.test.ts', line: 4 },
    values: { added: ['LITTLE_MODE'] },
  },
};
