import { ASKS } from '../../asker.ts';
import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  files: {
    'a.test.ts': ASKS,
    'pipeline.py': `import dspy


class Review(dspy.Module):
    def forward(self, draft):
        return draft.strip()


class Asker(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict("question -> answer")
        self.review = Review()

    def forward(self, question):
        draft = self.ask(question=question).answer
        return {"answer": self.review(draft=draft)}


def build(**_params):
    return Asker()
`,
  },
  pipeline: { inputs: ['question'], stages: ['Asker', 'Predict', 'Review'] },
  broken: { file: 'pipeline.py', from: 'self.review(draft=draft)}', to: 'draft}' },
  finds: {
    code: 'CX-WORKFLOW-BROKEN',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { stage: 'Review', skipped: true },
  },
};
