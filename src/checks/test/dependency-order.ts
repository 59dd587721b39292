import type { TestCheck } from '../check.ts';

/** A plan that a pipeline hands out as its answer breaks no dependency. */
export const check: TestCheck = {
  description: 'A plan that a pipeline hands out lists each task once, and after everything it depends on.',
  needs: 'runs',
  options: {
    arms: {
      type: 'strings',
      default: ['candidate'],
      description: 'The arms whose plans are judged; the baseline shows what was so far accepted.',
    },
  },
  codes: { 'CX-DEPENDENCY-ORDER': 'A plan breaks the dependencies of its tasks.' },
  run(input, options) {
    const arms = options['arms'] as string[];
    return input.runs
      .filter((run) => arms.includes(run.arm) && Object.values(run.violations).some((count) => count > 0))
      .map((run) => ({
        code: 'CX-DEPENDENCY-ORDER',
        values: { run: run.id, violations: { ...run.violations } },
      }));
  },
};
