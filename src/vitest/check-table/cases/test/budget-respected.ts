import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { maxCalls: 2 },
  files: {
    'a.test.ts': `import { test } from '${FIXTURES}';
test('asks', async ({ dspy }) => {
  await dspy.run({ pipeline: '<pipeline>', case: 'a', inputs: { question: 'Is it?' } });
});`,
    'pipeline.py': `import dspy


class Asker(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict("question -> answer")

    def forward(self, question):
        drafts = [self.ask(question=f"{question} ({n})").answer for n in range(2)]
        return {"answer": drafts[-1]}


def build(**_params):
    return Asker()
`,
  },
  pipeline: { inputs: ['question'] },
  broken: { file: 'pipeline.py', from: 'range(2)', to: 'range(3)' },
  finds: {
    code: 'CX-BUDGET-CALLS',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { measured: 3, allowed: 2 },
  },
};
