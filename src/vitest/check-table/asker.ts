import { FIXTURES } from './check-case.ts';

/** A test that puts one question to the pipeline of its row, whose `inputs` are `question`. */
export const ASKS = `import { test } from '${FIXTURES}';
test('asks', async ({ dspy }) => {
  await dspy.run({ pipeline: '<pipeline>', case: 'a', inputs: { question: 'Is it?' } });
});`;

/** A pipeline with one predictor, `self.ask`; `forward` are the lines of the method that answers a `question`. */
export function asker(...forward: readonly string[]): string {
  return `import dspy


class Asker(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict("question -> answer")

    def forward(self, question):
${forward.map((line) => `        ${line}\n`).join('')}

def build(**_params):
    return Asker()
`;
}
