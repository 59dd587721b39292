import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { files: ['<here>/*.md'] },
  files: {
    'GUIDE.md': '# Guide\n\nRead [the rules](RULES.md) first.\n',
    'RULES.md': '# Rules\n',
    'a.test.ts': `import { test } from 'vitest';
test('adds', () => {});`,
  },
  broken: { file: 'GUIDE.md', from: '(RULES.md)', to: '(LAWS.md)' },
  finds: {
    code: 'CX-DOC-LINK',
    test: null,
    at: { file: 'GUIDE.md', line: 3 },
    values: { target: 'LAWS.md' },
  },
};
