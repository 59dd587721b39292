import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { test } from '${FIXTURES}';
let draws = 0;
test('draws', ({ record }) => {
  draws += 1;
  record('draw', 'the first');
});`,
  },
  broken: { from: "'the first'", to: 'draws' },
  finds: {
    code: 'CX-NOT-DETERMINISTIC',
    test: 'draws',
    at: { file: 'a.test.ts', line: 3 },
    values: { name: 'draw' },
  },
};
