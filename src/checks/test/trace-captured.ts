import type { TestCheck } from '../check.ts';

/** A run without a trace cannot be explained afterwards. */
export const check: TestCheck = {
  description: 'Every run that asked the LM left a trace: the stages it went through.',
  options: {
    min: { type: 'number', min: 1, default: 1, description: 'Least number of stages.' },
  },
  codes: { 'CX-TRACE-MISSING': 'A run asked the LM, and its trace lacks stages.' },
  needs: 'runs',
  run({ runs }, options) {
    const allowed = Number(options['min']);
    return runs
      .filter((run) => run.usage.calls > 0 && run.status === 'ok' && run.stages.length < allowed)
      .map((run) => ({
        code: 'CX-TRACE-MISSING',
        values: { run: run.id, measured: run.stages.length, allowed },
      }));
  },
};
