import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { fields: ['answer', 'sources'] },
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
        return {"answer": self.ask(question=question).answer, "sources": []}


def build(**_params):
    return Asker()
`,
  },
  pipeline: { inputs: ['question'] },
  broken: { file: 'pipeline.py', from: ', "sources": []', to: '' },
  finds: {
    code: 'CX-OUTPUT-UNPARSED',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { reason: 'without sources' },
  },
};
