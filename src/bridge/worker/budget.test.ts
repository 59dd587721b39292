import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { RUN_CAPS, type RunCaps } from '../../core/optimizer-budget.ts';
import { Gateway } from '../../gateway/gateway.ts';
import { Ledger } from '../../gateway/ledger/ledger.ts';
import { LedgerBudget } from '../../gateway/ledger/ledger-budget.ts';
import { environmentOfThisRun } from '../../vitest/python-of-this-run.ts';
import { WorkerSession } from './session.ts';
import { environmentNames, LmEndpoint, testdata } from './test-support.ts';

const CALLS = 7;
/** A program that goes on is ended then, and the test with it. */
const NEVER_MS = 60_000;

describe.each(environmentNames)('a budget that is spent, in %s', (environment) => {
  let session: WorkerSession;
  let endpoint: LmEndpoint;
  let folder: string;
  beforeAll(async () => {
    endpoint = await LmEndpoint.start();
    session = await WorkerSession.connect((await environmentOfThisRun(environment)).socketPath);
    folder = await mkdtemp(path.join(os.tmpdir(), 'budget-test-'));
  });
  afterAll(async () => {
    session.close();
    await Promise.all([endpoint.stop(), rm(folder, { recursive: true })]);
  });

  async function spend(entry: string, params: JsonObject) {
    const none = Object.fromEntries(RUN_CAPS.map((cap) => [cap, null])) as RunCaps;
    const run = { ...none, calls: { hard: CALLS, warn: CALLS - 1 } };
    const file = path.join(folder, `${entry}-${params['how'] ?? ''}.jsonl`);
    const ledger = new Ledger({ file, caps: run, enforced: true });
    const prices = { currency: 'USD', models: {} };
    const budget = { run, prices, outputTokensWithoutLimit: 100 };
    const gateway = await Gateway.listen({
      mode: 'live',
      recordingsDir: folder,
      model: { id: 'stub', sha256: null },
      upstream: { baseUrl: endpoint.target('').baseUrl },
      budget: new LedgerBudget(new Map([['x', { ledger, budget }]])),
    });
    try {
      const identity = { name: environment, dspy: '', python: '' };
      const recording = { run: 'x/y/z/0', recording: 'x/y.json', repeat: 0, environment: identity };
      const { token } = await gateway.openRun({ ...recording, ledger: 'x' });
      const lm = { baseUrl: gateway.baseUrl, token, model: 'stub', parameters: {} };
      const named = { root: testdata, entry: `spenders:${entry}`, runId: 'x' };
      await session.run({ ...named, params, inputs: { question: 'what?' }, lm }, { timeoutMs: NEVER_MS });
      return undefined;
    } catch (error) {
      return { error, used: ledger.state.used, reserved: ledger.state.reserved };
    } finally {
      ledger.close();
      await gateway.close();
    }
  }

  test.each(['loop', 'best_of_n', 'evaluate', 'parallel', 'own_lm', 'asynchronous'])(
    'ends a program that goes on after every exception: %s',
    async (how) => {
      const ended = await spend('Spender', { how });
      expect(ended?.error).toMatchObject({
        code: 'CX-BUDGET-SPENT',
        message: expect.stringMatching(/BudgetSpent: the optimizer's budget is spent: 7 of 7 LM calls/),
        hint: expect.stringContaining('--resume'),
      });
      expect(ended?.used.calls).toBe(CALLS);
    },
    NEVER_MS + 10_000,
  );

  test('the child serves on', async () => {
    await spend('Spender', { how: 'loop' });
    await expect(session.ping()).resolves.toBeUndefined();
  });

  test('words of a refusal are none', async () => {
    const ended = await spend('Quoting', {});
    expect(ended?.error).toMatchObject({
      code: 'CX-PIPELINE-RAISED',
      message: expect.stringContaining('ValueError'),
    });
  });
});
