import { describe, expect, test } from 'vitest';
import type { ConstitutionError } from '../core/errors.ts';
import { loadBudgets, SHIPPED_BUDGET } from './test-support.ts';

describe('a smaller budget by name', () => {
  test('has its own caps, with warnings, and the rest of the role', async () => {
    const small = (await loadBudgets(SHIPPED_BUDGET, 'small')).get('planner')?.run;
    expect(small).toMatchObject({
      seconds: { hard: 600, warn: 480 },
      metricCalls: { hard: 60, warn: 48 },
      outputTokens: { hard: 60_000 },
    });
  });

  test.each([
    ['one that is not there', 'smal', 'there is no budget "smal"', 'Did you mean "small"?'],
    ['a word every object knows', 'constructor', 'there is no budget "constructor"', 'small'],
  ])('%s is refused', async (_what, name, message, hint) => {
    await expect(loadBudgets(SHIPPED_BUDGET, name)).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
      message,
      hint: expect.stringContaining(hint),
    });
  });

  test.each([
    [
      'a cap above that of the role',
      { from: 'seconds: 600', to: 'seconds: 1801' },
      'small',
      'budgets.small.seconds: this is more than the 1800 that the role has (role coder)',
      '1801',
      'Expected at most 1800',
    ],
    [
      'one that lifts a cap',
      { from: 'seconds: 600, metricCalls: 60', to: 'seconds: 600, cost: unlimited' },
      'small',
      'budgets.small.cost: this is more than the 5 that',
      'unlimited',
      'a smaller one',
    ],
    [
      'one that contradicts a cap of the role',
      { from: 'tiny: { calls: 200,', to: 'tiny: { calls: 200, inputTokens: 3,' },
      'tiny',
      'budgets.tiny.inputTokens: 3 tokens do not do for the 200 calls',
      '3,',
      'A call has a token at least',
    ],
    [
      'one that has less than a call without a limit may use',
      { from: 'tiny: { calls: 200,', to: 'tiny: { calls: 200, outputTokens: 300,' },
      'tiny',
      'budgets.tiny: 2048 tokens for a request without max_tokens',
      '{ calls: 200',
      'Expected at most 300',
    ],
  ])('%s is refused, with the place', async (_what, { from, to }, name, message, at, hint) => {
    expect(SHIPPED_BUDGET).toContain(from);
    const text = SHIPPED_BUDGET.replace(from, to);
    const error = (await loadBudgets(text, name).catch((thrown: unknown) => thrown)) as ConstitutionError;
    expect(error).toMatchObject({
      code: 'CX-CONFIG-INVALID',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    const { line = 0, column = 0 } = error.place ?? {};
    const shown = (text.split('\n')[line - 1] ?? '').slice(column - 1);
    expect(shown.startsWith(at), shown).toBe(true);
  });
});
