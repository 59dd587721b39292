import { test as base, expect } from 'vitest';
import type { Dspy } from './dspy.ts';
import { DspyRuns } from './dspy-runs.ts';
import { toMatchBaseline, toStayWithinBudget } from './matchers.ts';
import type { TaskWithMeta } from './meta.ts';

/** Vitest's `test` with the `dspy` fixture. */
export const test = base.extend<{ dspy: Dspy }>({
  dspy: async ({ task }, use) => {
    await use(new DspyRuns(task as unknown as TaskWithMeta));
  },
});

expect.extend({ toMatchBaseline, toStayWithinBudget });

export { expect };
