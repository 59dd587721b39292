import { ASKS, asker } from '../../asker.ts';
import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { fields: ['answer', 'sources'] },
  files: {
    'a.test.ts': ASKS,
    'pipeline.py': asker('return {"answer": self.ask(question=question).answer, "sources": []}'),
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
