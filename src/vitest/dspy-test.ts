import { test as base, expect } from 'vitest';
import { hashJson, type Json } from '../core/json.ts';
import type { Dspy } from './dspy.ts';
import { DspyRuns } from './dspy-runs.ts';
import { toMatchBaseline, toStayWithinBudget } from './matchers.ts';
import { metaOf, type TaskWithMeta } from './meta.ts';

/** Keeps a value under a name: the check `deterministic` compares it with what repeats and retries of the test keep. */
export type RecordValue = (name: string, value: Json) => void;

/** Vitest's `test` with the fixtures `dspy` and `record`. */
export const test = base.extend<{ dspy: Dspy; record: RecordValue }>({
  record: async ({ task }, use) => {
    await use((name, value) => {
      const meta = metaOf(task as unknown as TaskWithMeta);
      meta.values = { ...meta.values, [name]: hashJson(value) };
    });
  },
  dspy: async ({ task }, use) => {
    await use(new DspyRuns(task as unknown as TaskWithMeta));
  },
});

expect.extend({ toMatchBaseline, toStayWithinBudget });

export { expect };
