import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { afterAll, test } from 'vitest';
let timer: NodeJS.Timeout;
afterAll(() => clearInterval(timer));
test('polls', () => {
  timer = setInterval(() => {}, 1e6);
  clearInterval(timer);
});`,
  },
  broken: { from: '  clearInterval(timer);', to: '' },
  finds: {
    code: 'CX-OPEN-HANDLES',
    test: 'polls',
    at: { file: 'a.test.ts', line: 4 },
    values: { left: { Timeout: 1 } },
  },
};
