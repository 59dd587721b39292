import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { RUN_CAPS, type RunCap, type RunCaps } from '../../core/optimizer-budget.ts';
import { GatewayClient } from '../client.ts';
import {
  type Answer,
  askAll,
  chat,
  completion,
  endAll,
  identity,
  post,
  sendJson,
  startEndpoint,
  startGateway,
  temporaryFolder,
} from '../test-support.ts';
import { callBound } from './call-bound.ts';
import { Ledger } from './ledger.ts';
import { LedgerBudget } from './ledger-budget.ts';

const opened: Ledger[] = [];
afterEach(async () => {
  await endAll();
  for (const ledger of opened.splice(0)) ledger.close();
});

const answered: Answer = (_, response) => sendJson(response, 200, completion('fine'));

/** A gateway in front of an endpoint, whose run pays from a ledger. */
async function paying(hard: Partial<Record<RunCap, number>>, answer: Answer = answered) {
  const endpoint = await startEndpoint(answer);
  const caps = Object.fromEntries(
    RUN_CAPS.map((cap) => [cap, hard[cap] === undefined ? null : { hard: hard[cap], warn: hard[cap] / 2 }]),
  ) as RunCaps;
  const file = path.join(await temporaryFolder(), 'ledger.jsonl');
  const ledger = new Ledger({ file, caps, enforced: true });
  opened.push(ledger);
  const prices = { currency: 'USD', models: { stub: { inputPerMillion: 1, outputPerMillion: 2 } } };
  const unpriced: string[] = [];
  const budget = new LedgerBudget(
    new Map([['coder', { ledger, budget: { prices, outputTokensWithoutLimit: 50 } }]]),
    (model) => unpriced.push(model),
  );
  const { gateway } = await startGateway({ mode: 'live', upstream: { baseUrl: endpoint.baseUrl }, budget });
  const client = new GatewayClient(gateway);
  const { token } = await client.openRun({ ...identity(), ledger: 'coder' });
  const ask = async (...bodies: JsonObject[]) => askAll(gateway, token, bodies);
  return { gateway, client, token, ask, ledger, endpoint, budget, unpriced };
}
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status);

describe('a run that pays from a ledger', () => {
  test('is refused with a status and a code of its own, and the endpoint is not asked', async () => {
    const { ask, gateway, token, endpoint, client } = await paying({ calls: 2 });
    expect(statuses(await ask(chat('a'), chat('b')))).toEqual([200, 200]);
    const refused = await post(gateway, token, chat('c'));
    expect(refused.status).toBe(402);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'CX-BUDGET-SPENT',
        message: expect.stringMatching(/^CX-BUDGET-SPENT: .*2 of 2 LM calls/),
      },
    });
    expect(endpoint.seen).toHaveLength(2);
    expect(await client.closeRun(token)).toMatchObject({
      usage: { calls: 2 },
      failures: [{ code: 'CX-BUDGET-SPENT' }],
    });
  });

  test('pays what the endpoint reports, and sets aside what it may come to', async () => {
    const { ask, ledger } = await paying({ cost: 1 });
    await ask(chat('a', { max_tokens: 20, n: 2 }));
    expect(ledger.state.used).toEqual({
      calls: 1,
      inputTokens: 7,
      outputTokens: 3,
      cost: 13,
      metricCalls: 0,
    });
    expect(ledger.state.estimated.outputTokens).toBe(0);
  });

  test('is refused what it may come to, though it would have been less', async () => {
    const { ask, endpoint } = await paying({ outputTokens: 59 });
    expect(statuses(await ask(chat('a', { max_tokens: 20, n: 3 })))).toEqual([402]);
    expect(endpoint.seen).toHaveLength(0);
  });

  test('a request without a limit of its own is taken for the limit of the budget', async () => {
    const { ask } = await paying({ outputTokens: 49 });
    expect(statuses(await ask(chat('a')))).toEqual([402]);
    const enough = await paying({ outputTokens: 50 });
    expect(statuses(await enough.ask(chat('a')))).toEqual([200]);
  });

  test.each([
    ['no usage', null],
    ['a usage that is no count', { prompt_tokens: -5, completion_tokens: 1 }],
    ['a text that was made of nothing', { prompt_tokens: 7, completion_tokens: 0 }],
    ['no prompt', { prompt_tokens: 0, completion_tokens: 1 }],
  ])('an endpoint that reports %s is estimated, and marked so', async (_name, usage) => {
    const { ask, ledger } = await paying({}, (_, r) => sendJson(r, 200, completion('x'.repeat(40), usage)));
    await ask(chat('y'.repeat(80)));
    expect(ledger.state.used).toMatchObject({ calls: 1, inputTokens: 20, outputTokens: 10 });
    expect(ledger.state.estimated).toMatchObject({ calls: 1, inputTokens: 20, outputTokens: 10 });
  });

  test.each([
    ['refuses', (_, r) => sendJson(r, 429, { error: {} })],
    ['fails', (_, r) => sendJson(r, 500, { error: {} })],
  ] satisfies [string, Answer][])(
    'a call that the endpoint %s is a call without tokens',
    async (_name, answer) => {
      const { ask, ledger } = await paying({ calls: 3 }, answer);
      await ask(chat('a'), chat('b'), chat('c'));
      expect(ledger.state.used).toMatchObject({ calls: 3, inputTokens: 0, outputTokens: 0, cost: 0 });
      expect(statuses(await ask(chat('d')))).toEqual([402]);
    },
  );

  test('calls to an endpoint that is away come to an end as well', async () => {
    const { ask, endpoint } = await paying({ calls: 2 });
    await endpoint.close();
    expect(statuses(await ask(chat('a'), chat('b'), chat('c')))).toEqual([502, 502, 402]);
  });

  test('an answer that breaks off may have been paid for: all that was set aside counts', async () => {
    const { ask, ledger } = await paying({}, (_, response) => response.socket?.destroy());
    expect(statuses(await ask(chat('a', { max_tokens: 30 })))).toEqual([502]);
    expect(ledger.state.used.outputTokens).toBe(30);
    expect(ledger.state.estimated.outputTokens).toBe(30);
  });

  test('an endpoint that uses more than was asked for ends the run after that call', async () => {
    const much = { prompt_tokens: 7, completion_tokens: 5_000 };
    const { ask, ledger } = await paying({ outputTokens: 100 }, (_, r) =>
      sendJson(r, 200, completion('x', much)),
    );
    expect(statuses(await ask(chat('a'), chat('b')))).toEqual([200, 402]);
    expect(ledger.state.used.outputTokens).toBe(5_000);
  });

  test('a model without a price is of unknown cost: that is said once, and refuses nothing', async () => {
    // one call of `stub` comes to 13 millionths, and its bound to less than 200
    const { ask, ledger, unpriced } = await paying({ cost: 0.0002 });
    const other = { ...chat('a'), model: 'toString' };
    expect(statuses(await ask(other, other, chat('a', { max_tokens: 3 })))).toEqual([200, 200, 200]);
    expect(unpriced).toEqual(['toString']);
    expect(ledger.state.used).toMatchObject({ calls: 3, cost: null });
    expect([ledger.state.unpricedCalls, ledger.state.spent('cost')]).toEqual([2, 0.000013]);
  });

  test('and the known part of the cost still stops at the cap', async () => {
    const { ask, ledger } = await paying({ cost: 0.0001 });
    await ask({ ...chat('a'), model: 'other' });
    const answers = await ask(...Array.from({ length: 9 }, () => chat('a', { max_tokens: 3 })));
    expect(answers.at(-1)).toMatchObject({ status: 402, text: expect.stringContaining('of the currency') });
    expect(ledger.state.spent('cost')).toBeGreaterThan(0);
    expect(ledger.state.spent('cost')).toBeLessThanOrEqual(0.0001);
  });

  test('counts answers that are scored, through the same address and token', async () => {
    const { gateway, token } = await paying({ metricCalls: 1 });
    const score = () =>
      fetch(`${gateway.baseUrl}/metric-calls`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await score()).status).toBe(204);
    const refused = await score();
    expect([refused.status, await refused.text()]).toEqual([402, expect.stringContaining('scored answers')]);
  });

  test('other runs pay nothing; a ledger that is not open pays for none', async () => {
    const { gateway, client, ask } = await paying({ calls: 1 });
    await ask(chat('a'));
    const free = await client.openRun(identity('coder/bug/candidate/0'));
    expect(statuses(await askAll(gateway, free.token, [chat('a'), chat('b')]))).toEqual([200, 200]);
    const lost = await client.openRun({ ...identity('coder/bug/candidate/1'), ledger: 'plannr' });
    const [answer] = await askAll(gateway, lost.token, [chat('a')]);
    expect(answer).toMatchObject({ status: 402, text: expect.stringContaining('no ledger') });
  });

  test('200 runs at once stay within the cap, whatever each asks', async () => {
    const { gateway, client, ledger, endpoint } = await paying({ outputTokens: 500 });
    const runs = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        client.openRun({ ...identity(`coder/bug${index}/candidate/0`), ledger: 'coder' }),
      ),
    );
    const answers = await Promise.all(
      runs.map(({ token }) =>
        askAll(gateway, token, [chat('a', { max_tokens: 5 }), chat('b', { max_tokens: 5 })]),
      ),
    );
    const granted = answers.flat().filter(({ status }) => status === 200).length;
    expect(answers.flat().filter(({ status }) => status !== 200 && status !== 402)).toEqual([]);
    expect(ledger.state.used).toMatchObject({ calls: granted, outputTokens: 3 * granted });
    expect(endpoint.seen).toHaveLength(granted);
    expect(3 * granted).toBeLessThanOrEqual(500);
    expect(3 * granted).toBeGreaterThan(500 - 5);
  });
});

test.each([
  ['the bytes of a message, and what is around it', chat('äb'), { input: 3 + 4 + 32, output: 9 }],
  ['its limit', chat('a', { max_tokens: 4 }), { input: 37, output: 4 }],
  ['the newer name of the limit', chat('a', { max_completion_tokens: 3 }), { input: 37, output: 3 }],
  [
    'the larger limit, for an endpoint may know one name only',
    chat('a', { max_completion_tokens: 3, max_tokens: 4 }),
    { input: 37, output: 4 },
  ],
  ['a limit of nothing, which is none to some', chat('a', { max_tokens: 0 }), { input: 37, output: 9 }],
  ['samples', chat('a', { max_tokens: 4, n: 3 }), { input: 37, output: 12 }],
  [
    'samples of which one is returned',
    { prompt: 'abc', max_tokens: 4, best_of: 5 },
    { input: 19, output: 20 },
  ],
  ['several prompts', { prompt: ['a', 'b'], max_tokens: 4 }, { input: 18, output: 8 }],
  ['a limit that is none', chat('a', { max_tokens: -4 }), { input: 37, output: 9 }],
])('a call is bounded by %s', (_name, request, bound) => {
  const { messages } = request as { messages?: { role: string }[] };
  // role and content are written out with their keys
  const keys = messages === undefined ? 0 : 2 * ('role'.length + 'content'.length);
  expect(callBound('/v1/chat/completions', request as JsonObject, 9)).toEqual({
    ...bound,
    input: bound.input + keys,
  });
});

test('an embedding generates nothing', () => {
  expect(callBound('/v1/embeddings', { input: ['abc', [1, 2]] }, 9)).toEqual({ input: 21, output: 0 });
});
