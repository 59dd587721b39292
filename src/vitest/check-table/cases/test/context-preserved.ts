import { ASKS, asker } from '../../asker.ts';
import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { inputs: ['question'] },
  files: {
    'a.test.ts': ASKS,
    'pipeline.py': asker(
      'first = self.ask(question=question).answer',
      'second = self.ask(question=f"{question} Not {first}?").answer',
      'return {"answer": second}',
    ),
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
