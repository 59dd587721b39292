import { type CheckCase, FIXTURES } from '../../check-case.ts';

export const sample: CheckCase = {
  options: { withinMs: 5000 },
  files: {
    'a.test.ts': `import { test } from '${FIXTURES}';
test('asks', async ({ dspy }) => {
  const inputs = { question: 'Is it?' };
  await dspy.run({ pipeline: '<pipeline>', case: 'a', inputs, faults: [{ call: 0, kind: 'rate-limit' }] });
});`,
    // Past the adapters of DSPy, which ask again in other forms.
    'pipeline.py': `import dspy


def answer(question):
    try:
        return {"answer": dspy.settings.lm(question)[0]}
    except Exception as error:
        return {"answer": dspy.settings.lm(f"{question} {type(error).__name__}")[0]}


def build(**_params):
    return answer
`,
  },
  pipeline: { inputs: ['question'] },
  broken: {
    file: 'pipeline.py',
    from: 'return {"answer": dspy.settings.lm(f"{question} {type(error).__name__}")[0]}',
    to: 'raise Exception("no") from error',
  },
  finds: {
    code: 'CX-NOT-RECOVERED',
    test: 'asks',
    at: { file: 'a.test.ts', line: 2 },
    values: { kind: 'rate-limit', call: 0, measured: null, ended: 'The pipeline raised Exception: no' },
  },
};
