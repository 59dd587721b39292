import { describe, expect, test } from 'vitest';
import { root as repository } from '../bridge/worker/test-support.ts';
import type { ConstitutionError } from '../core/errors.ts';
import { loadGate } from './gate.ts';
import { loadOptimizerBudgets } from './optimizer-budget.ts';
import { loadBudgets, SHIPPED_BUDGET } from './test-support.ts';

/** Loads the shipped file with the first place of a text replaced, and tells the error and the line that it points at. */
async function refusal(from: string, to: string): Promise<{ error: ConstitutionError; at: string }> {
  expect(SHIPPED_BUDGET).toContain(from);
  const text = SHIPPED_BUDGET.replace(from, to);
  const error = await loadBudgets(text).then(
    () => undefined,
    (thrown: unknown) => thrown as ConstitutionError,
  );
  if (error === undefined) throw new Error(`${to} was taken`);
  const { line = 0, column = 0 } = error.place ?? {};
  return { error, at: (text.split('\n')[line - 1] ?? '').slice(column - 1) };
}

describe('the shipped file', () => {
  test('gives every role of the gate a whole budget', async () => {
    const budgets = await loadOptimizerBudgets(repository, await loadGate(repository));
    expect([...budgets.keys()]).toEqual(['coder', 'planner']);
    expect(budgets.get('coder')?.run).toEqual({
      calls: { hard: 2000, warn: 1600 },
      inputTokens: { hard: 800_000, warn: 640_000 },
      outputTokens: { hard: 150_000, warn: 120_000 },
      cost: { hard: 5, warn: 4 },
      seconds: { hard: 1800, warn: 1440 },
      metricCalls: { hard: 600, warn: 480 },
    });
    expect(budgets.get('planner')).toMatchObject({
      role: 'planner',
      run: { calls: { hard: 1500 }, outputTokens: { hard: 60_000 }, metricCalls: { hard: 400, warn: 320 } },
      pipeline: { latency: { mean: { hard: 0.2 } }, tokens: { p95: { hard: 0.25, warn: 0.2 } } },
      onViolation: ['stop', 'keep-best', 'alert'],
      prices: { currency: 'USD' },
    });
  });

  test('names the model of the gate in its price table', async () => {
    const { lm } = await loadGate(repository);
    const budget = (await loadBudgets(SHIPPED_BUDGET)).get('coder');
    expect(budget?.prices.models[lm.model]).toEqual({ inputPerMillion: 0, outputPerMillion: 0 });
  });
});

describe('a cap', () => {
  test('may have a warning of its own, or be unlimited where that is said', async () => {
    const budgets = await loadBudgets(
      SHIPPED_BUDGET.replace('cost: 5.00', 'cost: unlimited').replace(
        'calls: 2000',
        'calls: { hard: 1800, warn: 9 }',
      ),
    );
    expect(budgets.get('coder')?.run).toMatchObject({ cost: null, calls: { hard: 1800, warn: 9 } });
    expect(budgets.get('planner')?.run).toMatchObject({ cost: null, calls: { hard: 1500, warn: 1200 } });
  });

  test('of a role replaces the whole cap of the default, its warning too', async () => {
    const text = SHIPPED_BUDGET.replace('metricCalls: 600', 'metricCalls: { hard: 600, warn: 5 }');
    const budgets = await loadBudgets(text);
    expect(budgets.get('coder')?.run.metricCalls).toEqual({ hard: 600, warn: 5 });
    expect(budgets.get('planner')?.run.metricCalls).toEqual({ hard: 400, warn: 320 });
  });

  test('warns at the part that the file names', async () => {
    const budgets = await loadBudgets(SHIPPED_BUDGET.replace('warnAt: 0.8', 'warnAt: 0.5'));
    expect(budgets.get('coder')?.run.metricCalls).toEqual({ hard: 600, warn: 300 });
  });
});

describe('refused, with the place', () => {
  test.each([
    ['a negative cap', 'calls: 1500', 'calls: -1500', '-1500', 'Expected at least 1.'],
    ['no calls at all', 'calls: 1500', 'calls: 0', '0', 'Expected at least 1.'],
    ['half a call', 'calls: 1500', 'calls: 1.5', '1.5', /^Expected a value of type int or/],
    ['a huge cap', 'calls: 1500', 'calls: 1e12', '1e12', 'Expected at most 1000000.'],
    ['an infinite cap', 'calls: 1500', 'calls: .inf', '.inf', /type (int|number)/],
    ['a cap that is no number', 'calls: 1500', 'calls: .nan', '.nan', /type (int|number)/],
    ['a cap in words', 'calls: 1500', 'calls: many', 'many', /one of unlimited/],
    ['a cap without a value', 'calls: 1500', 'calls:', '', /one of unlimited/],
    ['free money', 'cost: 5.00', 'cost: 0', '0', 'Expected more than 0.'],
    ['time without end', 'seconds: 1800', 'seconds: unlimited', 'unlimited', /type number/],
    ['a part of a warning', 'warnAt: 0.8', 'warnAt: 80', '80', 'Expected less than 1.'],
    ['a late warning', 'calls: 1500', 'calls: { hard: 9, warn: 9 }', '9 }', 'Expected less than 9.'],
    ['a negative warning', 'calls: 1500', 'calls: { hard: 9, warn: -1 }', '-1 }', 'Expected at least 1.'],
    ['a negative price', '{ inputPerMillion: 0,', '{ inputPerMillion: -1,', '-1,', 'Expected at least 0.'],
    ['half a price', '{ inputPerMillion: 0, ', '{ ', '{ output', /type number/],
    ['growth of nothing', '{ mean: 0.20, p95', '{ mean: 0, p95', '0, p95', 'Expected more than 0.'],
    ['growth without sense', 'p95: 0.25', 'p95: 25', '25', 'Expected at most 10.'],
    ['an unknown action', '[stop, keep-best', '[halt, keep-best', 'halt', /one of stop, keep-best, alert/],
    ['no action', '[stop, keep-best, alert]', '[]', '[]', 'Expected at least 1.'],
    ['an action twice', 'keep-best, alert]', 'keep-best, stop]', 'stop]', 'Name each action once.'],
    ['nothing to keep', '[stop, keep-best,', '[keep-best,', 'keep-best', /^Add "stop"/],
    [
      'a key with a slip',
      'inputTokens: 1200000',
      'inputToken: 1200000',
      'inputToken',
      'Did you mean "inputTokens"?',
    ],
    ['an unknown role', '  planner:\n', '  plannr:\n', 'plannr', 'Did you mean "planner"?'],
    [
      'an unknown setting of a role',
      '    run:\n      outputTokens',
      '    runs:\n      outputTokens',
      'runs',
      'Did you mean "run"?',
    ],
    [
      'a webhook without a secret',
      'alerts: {}',
      'alerts: { webhook: { url: "https://a.example" } }',
      '{ url',
      /type string/,
    ],
    [
      'a webhook without an address',
      'alerts: {}',
      'alerts: { webhook: { secretVariable: A } }',
      '{ secretVariable',
      'Give either url or urlVariable.',
    ],
    [
      'an address with a password',
      'alerts: {}',
      'alerts: { openTelemetry: { endpoint: "https://a:b@c.example" } }',
      '"https://a:b',
      /^Keep secrets in environment variables/,
    ],
    [
      'an address of another kind',
      'alerts: {}',
      'alerts: { openTelemetry: { endpoint: "ftp://a.example" } }',
      '"ftp',
      'Expected the form url.',
    ],
    [
      'an alert that holds up a run',
      'alerts: {}',
      'alerts: { openTelemetry: { endpoint: "http://a.example", withinSeconds: 3600 } }',
      '3600',
      'Expected at most 60.',
    ],
    ['a currency of its own', 'currency: USD', 'currency: dollars', 'dollars', /form/],
  ])('%s', async (_name, from, to, at, hint) => {
    const found = await refusal(from, to);
    expect(found.error).toMatchObject({
      code: 'CX-CONFIG-INVALID',
      place: { file: 'optimizer_budget.yaml' },
    });
    expect(found.at.startsWith(at)).toBe(true);
    if (hint instanceof RegExp) expect(found.error.hint).toMatch(hint);
    else expect(found.error.hint).toBe(hint);
  });

  test.each(['calls: 1500', 'inputTokens: 1200000', 'cost: 5.00', 'seconds: 1800', 'metricCalls: 600'])(
    'a default without "%s"',
    async (line) => {
      const { error, at } = await refusal(line, '');
      expect(error.message).toBe(`default.run.${line.split(':')[0]}: the cap is missing`);
      expect(at).toMatch(/^(calls|inputTokens): /);
    },
  );

  test('a project without the file', async () => {
    await expect(loadBudgets(null)).rejects.toMatchObject({ code: 'CX-CONFIG-MISSING' });
  });
});

describe('contradictions, refused where the role has what is to blame', () => {
  test.each([
    [
      'fewer tokens than calls',
      'outputTokens: 60000',
      'outputTokens: 600',
      '600',
      /^roles.planner.run.outputTokens: 600 tokens do not do for the 1500 calls .*\(role planner\)$/,
    ],
    ['more calls than tokens', 'calls: 2000', 'calls: 800001', '800000', /inputTokens: 800000 tokens/],
    [
      'a call that no run may make',
      'outputTokensWithoutLimit: 2048',
      'outputTokensWithoutLimit: 60001',
      '60001',
      /60001 tokens for a request .*\(role planner\)$/,
    ],
    [
      'money without prices',
      '    # The embedded model runs on the machine itself: no one sends a bill.\n    SmolLM2-135M-Instruct-Q4_1: { inputPerMillion: 0, outputPerMillion: 0 }',
      '    {}',
      '5.00',
      /no model has a price/,
    ],
    [
      'more growth than the gate lets pass',
      'latency: { mean: 0.20',
      'latency: { mean: 0.21',
      '0.21',
      /refuses growth of latency beyond 0.2,/,
    ],
    [
      'more tokens than the gate lets pass',
      'tokens: { mean: 0.25',
      'tokens: { mean: 0.3',
      '0.3',
      /refuses growth of tokens beyond 0.25,/,
    ],
  ])('%s', async (_name, from, to, at, message) => {
    const found = await refusal(from, to);
    expect(found.error).toMatchObject({ code: 'CX-CONFIG-INVALID' });
    expect(found.error.message).toMatch(message);
    expect(found.at.startsWith(at)).toBe(true);
  });

  test('nothing that limits what is asked of LMs', async () => {
    const text = SHIPPED_BUDGET.replace('calls: 1500', 'calls: unlimited')
      .replace('inputTokens: 1200000', 'inputTokens: unlimited')
      .replace('outputTokens: 150000', 'outputTokens: unlimited')
      .replace('cost: 5.00', 'cost: unlimited')
      .replace('outputTokens: 60000', 'outputTokens: unlimited');
    await expect(loadBudgets(text)).rejects.toMatchObject({
      message: 'default.run.calls: nothing limits what is asked of LMs (role planner)',
      hint: 'Give a cap to calls, tokens or cost.',
    });
  });
});
