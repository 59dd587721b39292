import { ASKS, asker } from '../../asker.ts';
import type { CheckCase } from '../../check-case.ts';

/** A pipeline that asks the LM past every module of DSPy leaves no stage. */
export const sample: CheckCase = {
  files: {
    'a.test.ts': ASKS,
    'pipeline.py': asker('return {"answer": self.ask(question=question).answer}'),
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
