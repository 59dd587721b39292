import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { afterAll, afterEach, test, vi } from 'vitest';
afterAll(() => void Reflect.deleteProperty(globalThis, 'littleClock'));
afterEach(() => void vi.unstubAllGlobals());
test('uses a stub', () => void vi.stubGlobal('littleClock', 1));`,
  },
  broken: { from: "vi.stubGlobal('littleClock', 1)", to: 'Object.assign(globalThis, { littleClock: 1 })' },
  finds: {
    code: 'CX-GLOBAL-LEAK',
    test: 'uses a stub',
    at: { file: 'a.test.ts', line: 4 },
    values: { added: ['littleClock'] },
  },
};
