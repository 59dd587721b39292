import type { CheckResult } from '../../core/finding.ts';
import type { TestCheck } from '../check.ts';

/** What a pipeline is told must reach the model, and what it must not lose must reach the answer. */
export const check: TestCheck = {
  description:
    'Declared inputs of a run stand in every LM request of it, and declared references in its output.',
  options: {
    inputs: {
      type: 'strings',
      default: [],
      description: 'Names of inputs whose texts must stand in every LM request.',
    },
    references: {
      type: 'strings',
      default: [],
      description: 'Names of inputs whose texts must stand in the output.',
    },
    arms: {
      type: 'strings',
      values: ['baseline', 'candidate'],
      default: ['baseline', 'candidate'],
      description: 'The arms whose runs are judged.',
    },
  },
  codes: {
    'CX-CONTEXT-LOST': 'An input does not stand in every LM request of a run.',
    'CX-REFERENCE-LOST': 'A reference does not stand in the output of a run.',
    'CX-CONTEXT-UNKNOWN': 'An article names an input that a run does not have.',
  },
  needs: 'runs',
  run({ runs }, options) {
    const [inputs, references, arms] = ['inputs', 'references', 'arms'].map(
      (name) => options[name] as string[],
    ) as [string[], string[], string[]];
    return runs
      .filter((run) => arms.includes(run.arm) && run.status === 'ok')
      .flatMap(({ id, context }): CheckResult[] => {
        const unknown = [...inputs, ...references].filter((name) => !Object.hasOwn(context, name));
        const lost = inputs.filter((name) => (context[name]?.found ?? 0) < (context[name]?.requests ?? 0));
        const missing = references.filter((name) => context[name]?.inOutput === false);
        return [
          ...unknown.map((input) => ({ code: 'CX-CONTEXT-UNKNOWN', values: { run: id, input } })),
          ...lost.map((input) => {
            const { found = 0, requests = 0 } = context[input] ?? {};
            return { code: 'CX-CONTEXT-LOST', values: { run: id, input, found, requests } };
          }),
          ...missing.map((input) => ({ code: 'CX-REFERENCE-LOST', values: { run: id, input } })),
        ];
      });
  },
};
