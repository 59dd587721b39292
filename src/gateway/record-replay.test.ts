import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import {
  type Answer,
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

const RECORDING = 'coder/bug/baseline.0.json';

async function replayed(recordingsDir: string, bodies: Parameters<typeof askAll>[2]) {
  const { gateway } = await startGateway({ recordingsDir });
  const { token } = await gateway.openRun(identity());
  const answers = await askAll(gateway, token, bodies);
  return { answers, meter: await gateway.closeRun(token) };
}

/** An endpoint that goes through `steps`, one a request. */
function script(...steps: Answer[]): Answer {
  let next = 0;
  return (body, response, request) => steps[next++]?.(body, response, request);
}

const say =
  (content: string): Answer =>
  (_, response) =>
    sendJson(response, 200, completion(content));

function streamOf(...payloads: string[]): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const payload of payloads) response.write(`data: ${payload}\n\n`);
    response.end();
  };
}

const delta = (content: string) => JSON.stringify({ choices: [{ index: 0, delta: { content } }] });
const usageEvent = JSON.stringify({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 2 } });

test.for<[string, Answer, ReturnType<typeof chat>[]]>([
  ['an answer', say('hello'), [chat('a')]],
  ['two equal requests', script(say('first'), say('second')), [chat('a'), chat('a')]],
  [
    'a rate limit, then an answer',
    script((_, r) => sendJson(r, 429, { error: { message: 'slow down' } }), say('ok')),
    [chat('a'), chat('a')],
  ],
  ['a refusal', (_, r) => sendJson(r, 400, { error: { message: 'bad' } }), [chat('a')]],
  ['a server error', (_, r) => sendJson(r, 500, { error: { message: 'oops' } }), [chat('a')]],
  [
    'malformed JSON',
    (_, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [tru'),
    [chat('a')],
  ],
  [
    'a compressed answer',
    (_, r) =>
      r
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(completion('packed')))),
    [chat('a')],
  ],
  ['a reset before the answer', (_, r) => r.socket?.resetAndDestroy(), [chat('a')]],
  ['a stream', streamOf(delta('hel'), delta('lo'), usageEvent, '[DONE]'), [chat('a', { stream: true })]],
  [
    'a stream that breaks off',
    (_, r) => {
      r.writeHead(200, { 'content-type': 'text/event-stream' });
      r.write(`data: ${delta('hel')}\n\n`, () => r.socket?.resetAndDestroy());
    },
    [chat('a', { stream: true })],
  ],
  ['no content', (_, r) => r.writeHead(204).end(), [chat('a')]],
])('a client sees the same of %s when it is replayed', async ([, answer, bodies]) => {
  const folder = await temporaryFolder();
  const recorded = await record(folder, answer, bodies);
  const again = await replayed(folder, bodies);
  expect(again.answers).toEqual(recorded.answers);
  expect(again.meter.usage).toEqual(recorded.meter.usage);
  expect(again.meter.misses).toEqual([]);
  expect(again.meter.unused).toBe(0);
  expect(again.meter.recording).toEqual(recorded.meter.recording);
});

test('every attempt is an exchange of its own, in order', async () => {
  const folder = await temporaryFolder();
  const limited: Answer = (_, r) => sendJson(r, 429, { error: {} }, { 'retry-after': '30' });
  const { meter } = await record(folder, script(limited, say('ok')), [chat('a'), chat('a')]);
  const { exchanges } = await readJson(folder, RECORDING);
  expect(exchanges.map(({ ordinal, response }) => [ordinal, response.status])).toEqual([
    [0, 429],
    [1, 200],
  ]);
  expect(meter.usage.calls).toBe(1);
  expect(meter.calls.map(({ status }) => status)).toEqual([429, 200]);

  const { gateway } = await startGateway({ recordingsDir: folder });
  const { token } = await gateway.openRun(identity());
  const first = await post(gateway, token, chat('a'));
  expect(first.headers.get('retry-after'), 'a replay asks nobody to wait').toBe('0');
});

test('a stream reaches the client event by event, and its usage only the meter', async () => {
  const folder = await temporaryFolder();
  let release = () => {};
  const endpoint = await startEndpoint((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${delta('early')}\n\n`);
    release = () => response.end(`data: ${usageEvent}\n\ndata: [DONE]\n\n`);
  });
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const { token } = await gateway.openRun(identity());
  const response = await post(gateway, token, chat('a', { stream: true }));
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe(`data: ${delta('early')}\n\n`);
  expect(gateway.inFlight).toBe(1);
  release();
  let rest = '';
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    rest += new TextDecoder().decode(next.value);
  }
  expect(rest).toBe('data: [DONE]\n\n');
  expect(endpoint.seen[0]?.body['stream_options']).toEqual({ include_usage: true });
  const { usage } = await gateway.closeRun(token);
  expect(usage).toEqual({ calls: 1, inputTokens: 11, outputTokens: 2, estimated: false });
});

test('an endpoint that does not know stream_options is asked without, and the tokens are estimated', async () => {
  const folder = await temporaryFolder();
  const plain = streamOf(delta('12345678'), '[DONE]');
  const answer: Answer = (body, response, request) =>
    body['stream_options']
      ? sendJson(response, 400, { error: { message: 'unknown field stream_options' } })
      : plain(body, response, request);
  const { meter, answers } = await record(folder, answer, [chat('abcdef', { stream: true })]);
  expect(answers[0]?.status).toBe(200);
  expect(meter.usage).toEqual({ calls: 1, inputTokens: 2, outputTokens: 2, estimated: true });
});

test('concurrent equal requests get ordinals of their own', async () => {
  const folder = await temporaryFolder();
  let served = 0;
  const endpoint = await startEndpoint((_, r) => sendJson(r, 200, completion(`answer ${served++}`)));
  const recording = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const texts = async ({ gateway }: typeof recording) => {
    const { token } = await gateway.openRun(identity());
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(gateway, token, chat('same'))));
    const found = await Promise.all(answers.map((answer) => answer.text()));
    return { found: found.sort(), meter: await gateway.closeRun(token) };
  };
  const first = await texts(recording);
  const again = await texts(await startGateway({ recordingsDir: folder }));
  expect(new Set(first.found).size).toBe(8);
  expect(again.found).toEqual(first.found);
  expect(first.meter.peakInFlight).toBeGreaterThan(1);
  const { exchanges } = await readJson(folder, RECORDING);
  expect(exchanges.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a replay meters the recorded times', async () => {
  const folder = await temporaryFolder();
  const { meter } = await record(folder, say('x'), [chat('a'), chat('b')]);
  const again = await replayed(folder, [chat('a'), chat('b')]);
  const { exchanges } = await readJson(folder, RECORDING);
  expect(again.meter.calls).toEqual(meter.calls);
  expect(again.meter.calls.map(({ startMs }) => startMs)).toEqual(exchanges.map(({ startMs }) => startMs));
});

test('what does not shape the answer does not shape the key', async () => {
  const folder = await temporaryFolder();
  await record(folder, say('x'), [
    chat('a', { user: 'jane@example.org', stream: false, metadata: { x: 1 } }),
  ]);
  const text = await readFile(path.join(folder, RECORDING), 'utf8');
  expect(text).not.toContain('jane');
  const again = await replayed(folder, [chat('a', { user: 'joe', stop: null })]);
  expect(again.meter.misses).toEqual([]);
  const other = await replayed(folder, [chat('a', { temperature: 0.5 })]);
  expect(other.meter.misses).toHaveLength(1);
});

test('runs in parallel do not see each other', async () => {
  const folder = await temporaryFolder();
  const endpoint = await startEndpoint((body, r) =>
    sendJson(r, 200, completion(JSON.stringify(body['messages']))),
  );
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const runs = await Promise.all([0, 1, 2, 3].map((k) => gateway.openRun(identity(`r/c/arm/${k}`, k))));
  await Promise.all(runs.map(({ token }, k) => askAll(gateway, token, [chat(`${k} one`), chat(`${k} two`)])));
  const meters = await Promise.all(runs.map(({ token }) => gateway.closeRun(token)));
  expect(meters.map(({ usage }) => usage.calls)).toEqual([2, 2, 2, 2]);
  const third = await readJson(folder, 'r/c/arm.2.json');
  expect(third.repeat).toBe(2);
  expect(third.exchanges.map(({ request }) => request['messages'])).toEqual(
    ['2 one', '2 two'].map((content) => [{ role: 'user', content }]),
  );
});
