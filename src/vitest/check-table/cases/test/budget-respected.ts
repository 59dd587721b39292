import { ASKS, asker } from '../../asker.ts';
import type { CheckCase } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { maxCalls: 2 },
  files: {
    'a.test.ts': ASKS,
    'pipeline.py': asker(
      'drafts = [self.ask(question=f"{question} ({n})").answer for n in range(2)]',
      'return {"answer": drafts[-1]}',
    ),
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
