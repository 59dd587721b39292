import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { test } from '${FIXTURES}';
test('asks', async ({ dspy }) => {
  await dspy.run({ pipeline: '<pipeline>', bug: 'planner/bridge-repair' });
});`,
    'pipeline.py': `def build(**_params):
    return lambda tasks: {"plan": ["close", "repair", "inspect", "reopen"]}
`,
  },
  pipeline: { lm: false, inputs: ['tasks'], scorer: 'reference.scoring:score_planner' },
  broken: { file: 'pipeline.py', from: '"close", "repair"', to: '"repair", "close"' },
  finds: {
    code: 'CX-DEPENDENCY-ORDER',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { violations: { order: 1 } },
  },
};
