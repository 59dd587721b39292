import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Miss } from '../core/lm-exchange.ts';
import {
  askAll,
  chat,
  completion,
  endAll,
  identity,
  post,
  record,
  sendJson,
  startGateway,
  temporaryFolder,
} from './test-support.ts';

afterEach(endAll);

const RECORDING = 'coder/bug/baseline.0.json';

async function recorded(...bodies: ReturnType<typeof chat>[]) {
  const folder = await temporaryFolder();
  await record(folder, (_, response) => sendJson(response, 200, completion('x')), bodies);
  return folder;
}

async function openReplay(recordingsDir?: string) {
  const { gateway } = await startGateway(recordingsDir === undefined ? {} : { recordingsDir });
  const { token } = await gateway.openRun(identity());
  return { gateway, token };
}

test('a miss names the file and shows what differs from the nearest recorded request', async () => {
  const long = `${'padding '.repeat(40)}return a + b${' tail'.repeat(40)}`;
  const folder = await recorded(chat('something else'), chat(`line one\n${long}`, { temperature: 0.5 }));
  const { gateway, token } = await openReplay(folder);
  const asked = chat(`line one\n${long.replace('a + b', 'a - b')}`, { temperature: 0.7 });
  const response = await post(gateway, token, asked);
  expect(response.status).toBe(400);
  expect(response.headers.get('x-should-retry')).toBe('false');
  const { error } = (await response.json()) as { error: { code: string; message: string; type: string } };
  expect(error).toMatchObject({ code: 'CX-GATEWAY-MISS', type: 'invalid_request_error', param: null });
  expect(error.message).toContain(RECORDING);
  expect(error.message).toContain('npm run gate -- --lm=record');
  const lines = error.message.split('\n').slice(1);
  expect(lines.slice(0, 4)).toEqual([
    '--- recorded request 2 of 2',
    '+++ this request',
    '- temperature: 0.5',
    '+ temperature: 0.7',
  ]);
  expect(lines[4]).toMatch(/^- ….{0,60}a \+ b/);
  expect(lines[5]).toMatch(/^\+ ….{0,60}a - b/);
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line.length).toBeLessThan(130);

  await post(gateway, token, asked);
  const meter = await gateway.closeRun(token);
  expect(meter.misses).toMatchObject([{ reason: 'unknown', attempts: 2, diff: lines.join('\n') }]);
  expect(meter.unused).toBe(2);
  expect(meter.usage.calls).toBe(0);
});

test('the diff of a miss stays short', async () => {
  const text = (word: string) => Array.from({ length: 2000 }, (_, n) => `${word} ${n}`).join('\n');
  const folder = await recorded(chat(text('recorded')));
  const { gateway, token } = await openReplay(folder);
  await post(gateway, token, chat(text('asked')));
  const { misses } = await gateway.closeRun(token);
  const lines = misses[0]?.diff?.split('\n') ?? [];
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines.at(-1)).toContain('more lines differ');
  expect(lines.some((line) => line.startsWith('+ messages[0] user: asked 0'))).toBe(true);
});

test('a request asked more often than recorded is a miss of its own kind', async () => {
  const folder = await recorded(chat('a'));
  const { gateway, token } = await openReplay(folder);
  const [first, second] = await askAll(gateway, token, [chat('a'), chat('a')]);
  expect([first?.status, second?.status]).toEqual([200, 400]);
  const { misses } = await gateway.closeRun(token);
  expect(misses).toMatchObject([{ reason: 'exhausted', diff: null }]);
});

test('a missing recording is a miss that names the file, and is told at once', async () => {
  const told: [string, Miss][] = [];
  const { gateway } = await startGateway({ onMiss: (run, miss) => told.push([run.run, miss]) });
  const { token } = await gateway.openRun(identity());
  const [answer] = await askAll(gateway, token, [chat('a')]);
  expect(answer?.text).toContain(`there is no recording ${RECORDING}`);
  expect(told).toMatchObject([['coder/bug/baseline/0', { reason: 'no-recording', recording: RECORDING }]]);
  const meter = await gateway.closeRun(token);
  expect(meter).toMatchObject({ recording: null, recordedWith: null, misses: [told[0]?.[1]] });
});

test('a missing recording beside others shows what came nearest in them', async () => {
  const folder = await recorded(chat('list the primes'));
  const { gateway } = await startGateway({ recordingsDir: folder });
  const { token } = await gateway.openRun(identity('coder/bug/baseline/1', 1));
  await askAll(gateway, token, [chat('list the prime numbers')]);
  const { misses } = await gateway.closeRun(token);
  expect(misses).toMatchObject([{ reason: 'no-recording' }]);
  expect(misses[0]?.diff).toContain('- messages[0] user: list the primes');
  expect(misses[0]?.diff).toContain('+ messages[0] user: list the prime numbers');
});

test('only the token of an open run is let in', async () => {
  const { gateway, token } = await openReplay();
  for (const authorization of ['', 'Bearer nobody', `Bearer ${gateway.controlToken}`, `Basic ${token}`]) {
    const response = await post(gateway, token, chat('a'), { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'CX-GATEWAY-TOKEN' } });
  }
  await gateway.closeRun(token);
  expect((await post(gateway, token, chat('a'))).status).toBe(401);
  expect((await fetch(`${gateway.baseUrl}/models`)).status).toBe(401);
});

test('a foreign Host header is refused', async () => {
  const { gateway, token } = await openReplay();
  const status = await new Promise((resolve, reject) => {
    const headers = { host: 'evil.example', authorization: `Bearer ${token}` };
    request(`${gateway.baseUrl}/models`, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
  const own = await fetch(`${gateway.baseUrl.replace('127.0.0.1', 'localhost')}/models`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await own.json()).toMatchObject({ data: [{ id: 'stub' }] });
});

test.for<[string, string | Uint8Array, Record<string, string>, number]>([
  ['malformed JSON', '{"model": ', {}, 400],
  ['no object', '[1]', {}, 400],
  ['nothing', '', {}, 400],
  ['endless nesting', `{"messages": ${'['.repeat(9000)}${']'.repeat(9000)}}`, {}, 400],
  ['false gzip', 'plain', { 'content-encoding': 'gzip' }, 400],
  ['an unknown encoding', 'plain', { 'content-encoding': 'rot13' }, 415],
  ['a huge body', JSON.stringify(chat('x'.repeat(200_000))), {}, 413],
  [
    'a small body that unpacks into a huge one',
    gzipSync(JSON.stringify(chat('x'.repeat(200_000)))),
    { 'content-encoding': 'gzip' },
    413,
  ],
])('%s is refused in OpenAI form', async ([, body, headers, status]) => {
  const { gateway } = await startGateway({ maxBodyBytes: 100_000 });
  const { token } = await gateway.openRun(identity());
  const response = await post(gateway, token, body, { headers });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code: 'CX-GATEWAY-REQUEST', param: null } });
  const meter = await gateway.closeRun(token);
  expect(meter.calls).toEqual([]);
});

test('a huge body of unknown length is refused, too', async () => {
  const { gateway } = await startGateway({ maxBodyBytes: 100_000 });
  const { token } = await gateway.openRun(identity());
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' };
    const sent = request(`${gateway.baseUrl}/chat/completions`, { method: 'POST', headers }, (response) =>
      resolve(response.resume().statusCode),
    ).on('error', reject);
    for (let chunk = 0; chunk < 20; chunk++) sent.write('x'.repeat(20_000));
    sent.end();
  });
  expect(status).toBe(413);
});

test('a compressed request is the same request', async () => {
  const folder = await recorded(chat('a'));
  const { gateway, token } = await openReplay(folder);
  const headers = { 'content-encoding': 'gzip' };
  const response = await post(gateway, token, gzipSync(JSON.stringify(chat('a'))), { headers });
  expect(response.status).toBe(200);
});

test('other paths are 404 in OpenAI form', async () => {
  const { gateway, token } = await openReplay();
  const response = await fetch(`${gateway.baseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{}',
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});

test('a mode that forwards needs an endpoint with an address', async () => {
  await expect(startGateway({ mode: 'record' })).rejects.toMatchObject({ code: 'CX-GATEWAY-UPSTREAM' });
  await expect(startGateway({ mode: 'live', upstream: { baseUrl: 'localhost' } })).rejects.toMatchObject({
    code: 'CX-GATEWAY-UPSTREAM',
  });
});
