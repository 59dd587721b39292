import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { inputs: ['question'] },
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
        first = self.ask(question=question).answer
        second = self.ask(question=f"{question} Not {first}?").answer
        return {"answer": second}


def build(**_params):
    return Asker()
`,
  },
  pipeline: { inputs: ['question'] },
  broken: { file: 'pipeline.py', from: '{question} Not {first}', to: 'Not {first}' },
  finds: {
    code: 'CX-CONTEXT-LOST',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { input: 'question', found: 1, requests: 2 },
  },
};
