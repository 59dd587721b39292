import type { ConstitutionMeta, Finding } from 'vitest-constitution';
import { describe, expect, test } from 'vitest-constitution/test';

describe('types', () => {
  test('of the fixture', async ({ dspy, task }) => {
    const run = await dspy.run({ pipeline: 'coder-native', bug: 'coder/add-tag', repeat: 0 });
    const calls: number = run.usage.calls;
    expect(calls).toBeLessThan(7);
    // Before vitest 5, an interface that vitest only passes on cannot be added to.
    const { constitution: meta } = task.meta as { constitution?: ConstitutionMeta };
    const findings: readonly Finding[] = meta?.findings ?? [];
    expect(findings).toEqual([]);
    // @ts-expect-error a pipeline is named
    await dspy.run({ case: 'c' });
  });
});
