import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': `import { test } from '${FIXTURES}';
test('asks', async ({ dspy }) => {
  for (const environment of ['dspy-2.6.27', 'dspy-3.0.1']) await dspy.schema('<pipeline>', environment);
});`,
    'pipeline.py': `import dspy


def build(**_params):
    fields = "question -> answer" if dspy.__version__.startswith("2.") else "question -> answer"
    return dspy.Predict(fields)
`,
  },
  pipeline: { inputs: ['question'] },
  broken: {
    file: 'pipeline.py',
    from: 'else "question -> answer"',
    to: 'else "question, context -> answer"',
  },
  finds: {
    code: 'CX-SCHEMA-CHANGED',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { pipeline: '<pipeline>', environment: 'dspy-3.0.1', reference: 'dspy-2.6.27' },
  },
};
