import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { allow: ['<here>/made/**'] },
  files: {
    'made/.gitkeep': '',
    'a.test.ts': `import fs from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
test('writes a report', () => {
  fs.writeFileSync(path.join(import.meta.dirname, 'made/report.txt'), 'done');
});`,
  },
  broken: { from: 'made/report.txt', to: 'report.txt' },
  finds: {
    code: 'CX-WRITE-OUTSIDE',
    test: 'writes a report',
    at: { file: 'a.test.ts', line: 4 },
    values: { file: '<here>/report.txt' },
  },
};
