import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
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

const say =
  (content: string): Answer =>
  (_, response) =>
    sendJson(response, 200, completion(content));

test('a call cut off by its client is recorded as aborted, and cut off in the replay', async () => {
  const folder = await temporaryFolder();
  const abort = new AbortController();
  const endpoint = await startEndpoint(() => abort.abort());
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const { token } = await gateway.openRun(identity());
  await expect(post(gateway, token, chat('a'), { signal: abort.signal })).rejects.toThrow();
  const { failures } = await gateway.closeRun(token);
  expect(failures).toEqual([]);
  expect((await readJson(folder, RECORDING)).exchanges[0]?.failure).toBe('aborted');

  const replaying = await startGateway({ recordingsDir: folder });
  const again = await replaying.gateway.openRun(identity());
  await expect(post(replaying.gateway, again.token, chat('a'))).rejects.toThrow('fetch failed');
});

test('an endpoint that is too slow is answered for with 504', async () => {
  const endpoint = await startEndpoint(() => {});
  const folder = await temporaryFolder();
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl, timeoutMs: 50 },
  });
  const { token } = await gateway.openRun(identity());
  const [answer] = await askAll(gateway, token, [chat('a')]);
  expect(answer?.status).toBe(504);
  const { failures } = await gateway.closeRun(token);
  expect(failures.map(({ code }) => code)).toEqual(['CX-GATEWAY-UPSTREAM']);
  expect((await replayed(folder, [chat('a')])).answers).toEqual([answer]);
});

test('an endpoint that is not there is told as 502, and leaves the old recording alone', async () => {
  const folder = await temporaryFolder();
  const { meter: before } = await record(folder, say('x'), [chat('a')]);
  const endpoint = await startEndpoint(() => {});
  await endpoint.close();
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const { token } = await gateway.openRun(identity());
  const [answer] = await askAll(gateway, token, [chat('a')]);
  expect(answer?.status).toBe(502);
  expect(JSON.parse(answer?.text ?? '').error.code).toBe('CX-GATEWAY-UPSTREAM');
  const meter = await gateway.closeRun(token);
  expect(meter.failures[0]?.message).toContain('ECONNREFUSED');
  expect((await replayed(folder, [chat('a')])).meter.recording).toEqual(before.recording);
});

test('a run that is never closed, or closed without keeping, leaves the old recording as it was', async () => {
  const folder = await temporaryFolder();
  await record(folder, say('old'), [chat('a')]);
  const before = await readFile(path.join(folder, RECORDING), 'utf8');
  const endpoint = await startEndpoint(say('new'));
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir: folder,
    upstream: { baseUrl: endpoint.baseUrl },
  });
  const failed = await gateway.openRun(identity());
  await askAll(gateway, failed.token, [chat('a')]);
  const meter = await gateway.closeRun(failed.token, { keep: false });
  expect(meter.recording).toBeNull();
  const crashed = await gateway.openRun(identity());
  await askAll(gateway, crashed.token, [chat('a')]);
  await gateway.close();
  expect(await readFile(path.join(folder, RECORDING), 'utf8')).toBe(before);
  expect(await readdir(path.join(folder, 'coder/bug'))).toEqual(['baseline.0.json']);
});

test('live forwards and meters, and writes nothing', async () => {
  const folder = await temporaryFolder();
  const { meter, endpoint } = await record(folder, say('x'), [chat('a')], { mode: 'live' });
  expect(meter.usage).toEqual({ calls: 1, inputTokens: 7, outputTokens: 3, estimated: false });
  expect(meter.recording).toBeNull();
  expect(await readdir(folder)).toEqual([]);
  expect(endpoint.seen[0]?.url).toBe('/v1/chat/completions');
});

test('auto asks only for what is missing, keeps the order of the run and drops what it did not ask', async () => {
  const folder = await temporaryFolder();
  await record(folder, say('old'), [chat('kept'), chat('stale')]);
  const bodies = [chat('new'), chat('kept')];
  const { answers, meter, endpoint } = await record(folder, say('fresh'), bodies, { mode: 'auto' });
  expect(endpoint.seen).toHaveLength(1);
  expect(answers.map(({ text }) => /fresh|old/.exec(text)?.[0])).toEqual(['fresh', 'old']);
  expect(meter.unused).toBe(1);
  const { exchanges } = await readJson(folder, RECORDING);
  expect(exchanges.map(({ request }) => JSON.stringify(request['messages']))).toEqual([
    expect.stringContaining('new'),
    expect.stringContaining('kept'),
  ]);
  const before = await readFile(path.join(folder, RECORDING), 'utf8');
  await record(folder, say('never'), bodies, { mode: 'auto' });
  expect(await readFile(path.join(folder, RECORDING), 'utf8'), 'nothing new, nothing written').toBe(before);
});

test('auto records anew what another model had answered', async () => {
  const folder = await temporaryFolder();
  await record(folder, say('old'), [chat('a')]);
  const other = { id: 'stub', sha256: 'b'.repeat(64) };
  const { answers } = await record(folder, say('fresh'), [chat('a')], { mode: 'auto', model: other });
  expect(answers[0]?.text).toContain('fresh');
  expect((await readJson(folder, RECORDING)).model).toEqual(other);
});
