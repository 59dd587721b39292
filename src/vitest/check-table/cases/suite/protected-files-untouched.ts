import type { CheckCase } from '../../check-case.ts';

/** What another process writes is out of a test's sight. */
export const sample: CheckCase = {
  options: { files: ['<here>/kept.lock'] },
  files: {
    'kept.lock': 'locked',
    'a.test.ts': `import { execFileSync } from 'node:child_process';
import { test } from 'vitest';
test('installs', () => {
  const program = "require('node:fs').writeFileSync('own.txt', 'installed')";
  execFileSync(process.execPath, ['-e', program], { cwd: import.meta.dirname });
});`,
  },
  broken: { from: 'own.txt', to: 'kept.lock' },
  finds: {
    code: 'CX-PROTECTED-FILE',
    test: null,
    at: null,
    values: { file: '<here>/kept.lock', operation: 'changed' },
  },
};
