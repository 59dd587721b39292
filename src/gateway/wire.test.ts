import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import { RunClock } from './run-clock.ts';
import { ssePayloads } from './sse.ts';
import {
  askAll,
  chat,
  completion,
  endAll,
  identity,
  post,
  readJson,
  record,
  sendJson,
  startEndpoint,
  startGateway,
  temporaryFolder,
} from './test-support.ts';

afterEach(endAll);

async function payloads(...chunks: Uint8Array[]): Promise<string[]> {
  async function* bytes() {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const payload of ssePayloads(bytes())) found.push(payload);
  return found;
}

test.for([
  ['line feeds', 'data: a\n\ndata: b\n\n'],
  ['carriage returns and line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n'],
  ['carriage returns', 'data: a\r\rdata: b\r\r'],
  ['comments, other fields and no blank after the colon', ': hi\nevent: x\nid: 1\ndata:a\n\n\n\ndata:b\n\n'],
  ['no blank line at the end', 'data: a\n\ndata: b'],
])('an event stream with %s is understood, however it is cut', async ([, text]) => {
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await payloads(bytes.slice(0, cut), bytes.slice(cut))).toEqual(['a', 'b']);
  }
});

test('an event of several lines, and characters cut in half', async () => {
  const bytes = new TextEncoder().encode('data: grüße\ndata: 日本\n\n');
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await payloads(bytes.slice(0, cut), bytes.slice(cut))).toEqual(['grüße\n日本']);
  }
});

test('on the clock of a run, a replayed call takes its recorded time', () => {
  let ms = 100;
  const clock = new RunClock({ date: () => new Date(), ms: () => ms });
  ms = 103;
  expect(clock.now()).toBe(3);
  clock.replayed(250);
  expect(clock.now()).toBe(250);
  ms = 110;
  expect(clock.now()).toBe(257);
  clock.replayed(200);
  expect(clock.now(), 'time does not go back').toBe(257);
});

test.for<[string, JsonObject, JsonObject, JsonObject]>([
  [
    '/completions',
    { model: 'stub', prompt: 'once' },
    { choices: [{ index: 0, text: ' upon a time' }] },
    { calls: 1, inputTokens: 1, outputTokens: 3, estimated: true },
  ],
  [
    '/embeddings',
    { model: 'stub', input: ['a', 'b'] },
    { data: [{ embedding: [0.5] }], usage: { prompt_tokens: 2, total_tokens: 2 } },
    { calls: 1, inputTokens: 2, outputTokens: 0, estimated: false },
  ],
])('%s is recorded and replayed', async ([route, body, answer, usage]) => {
  const recordingsDir = await temporaryFolder();
  const endpoint = await startEndpoint((_, response) => sendJson(response, 200, answer));
  const upstream = { baseUrl: `${endpoint.baseUrl}/` };
  for (const mode of ['record', 'replay'] as const) {
    const { gateway } = await startGateway({ mode, recordingsDir, upstream });
    const { token } = await gateway.openRun(identity());
    const response = await fetch(gateway.baseUrl + route, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    expect(await response.json()).toEqual(answer);
    expect((await gateway.closeRun(token)).usage).toEqual(usage);
  }
  expect(endpoint.seen.map(({ url }) => url)).toEqual([`/v1${route}`]);
});

test('closing a run ends the calls that are still waiting', async () => {
  const recordingsDir = await temporaryFolder();
  let asked = () => {};
  const waiting = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const endpoint = await startEndpoint(() => asked());
  const upstream = { baseUrl: endpoint.baseUrl };
  const { gateway } = await startGateway({ mode: 'record', recordingsDir, upstream });
  const { token } = await gateway.openRun(identity());
  const answer = post(gateway, token, chat('a'));
  await waiting;
  const meter = await gateway.closeRun(token);
  expect(meter.calls).toMatchObject([{ status: 499, tokens: null }]);
  expect((await answer).status).toBe(499);
});

test('closing a run ends a stream that its client does not read on', async () => {
  const recordingsDir = await temporaryFolder();
  const endpoint = await startEndpoint((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"choices":[]}\n\n');
  });
  const upstream = { baseUrl: endpoint.baseUrl };
  const { gateway } = await startGateway({ mode: 'record', recordingsDir, upstream });
  const { token } = await gateway.openRun(identity());
  const answer = await post(gateway, token, chat('a', { stream: true }));
  expect(answer.status).toBe(200);
  const meter = await gateway.closeRun(token);
  expect(meter.usage.calls).toBe(0);
  expect((await readJson(recordingsDir, identity().recording)).exchanges[0]?.failure).toBe('aborted');
});

test('paced as recorded, a replay takes the time and keeps what a client is told to wait', async () => {
  const recordingsDir = await temporaryFolder();
  await record(recordingsDir, (_, r) => sendJson(r, 429, completion('x'), { 'retry-after': '7' }), [
    chat('a'),
  ]);
  const { gateway } = await startGateway({ recordingsDir, pace: 'recorded' });
  const { token } = await gateway.openRun(identity());
  const answer = await post(gateway, token, chat('a'));
  expect(answer.headers.get('retry-after')).toBe('7');
  expect((await askAll(gateway, token, [chat('a')]))[0]?.status).toBe(400);
});
