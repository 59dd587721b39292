import { expect, test } from 'vitest-constitution/test';

test('a test that asks for nothing', () => {
  expect(1).toBe(1);
});
test('a test that asks for Python', async ({ dspy }) => {
  await expect(dspy.run({ pipeline: 'p', case: 'c' })).rejects.toMatchObject({ code: 'CX-CONFIG-MISSING' });
});
