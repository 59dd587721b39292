import { type CheckCase, FIXTURES } from '../../check-case.ts';

/** A pipeline that asks the LM past every module of DSPy leaves no stage. */
export const sample: CheckCase = {
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
        return {"answer": self.ask(question=question).answer}


def build(**_params):
    return Asker()
`,
  },
  pipeline: { inputs: ['question'] },
  broken: {
    file: 'pipeline.py',
    from: 'return Asker()',
    to: 'return lambda question: {"answer": dspy.settings.lm(question)[0]}',
  },
  finds: {
    code: 'CX-TRACE-MISSING',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { measured: 0, allowed: 1 },
  },
};
