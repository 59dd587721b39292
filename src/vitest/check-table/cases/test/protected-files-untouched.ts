import type { CheckCase } from '../../check-case.ts';

const values = { file: '<here>/kept.lock' };

/** What a test writes itself is seen twice: while it does, and by what the file is after the run. */
export const sample: CheckCase = {
  options: { files: ['<here>/kept.lock'] },
  files: {
    'kept.lock': 'locked',
    'own.txt': '',
    'a.test.ts': `import fs from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
test('installs', () => fs.writeFileSync(path.join(import.meta.dirname, 'own.txt'), 'installed'));`,
  },
  broken: { from: 'own.txt', to: 'kept.lock' },
  finds: {
    code: 'CX-PROTECTED-FILE',
    test: 'installs',
    at: { file: 'a.test.ts', line: 4 },
    values: { ...values, operation: 'writeFile' },
  },
  findsToo: { code: 'CX-PROTECTED-FILE', test: null, at: null, values: { ...values, operation: 'changed' } },
};
