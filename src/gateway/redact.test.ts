import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { secretsFromEnvironment } from '../core/secrets.ts';
import { Redactor } from './redact.ts';
import {
  askAll,
  chat,
  completion,
  endAll,
  identity,
  record,
  sendJson,
  startGateway,
  temporaryFolder,
} from './test-support.ts';

afterEach(endAll);

const RECORDING = 'coder/bug/baseline.0.json';
const SECRET = 'hunter2-"quoted"\nsecret';

test.for([
  ['a known value', `before ${SECRET} after`, 'before [redacted] after'],
  ['its URL form', `?q=${encodeURIComponent(SECRET)}&x`, '?q=[redacted]&x'],
  ['an OpenAI key', 'key sk-proj-abcdefghij0123456789 end', 'key [redacted] end'],
  ['a bearer token', 'Authorization: Bearer abc123def456ghi789jkl', 'Authorization: Bearer [redacted]'],
  ['a GitHub token', `ghp_${'a1'.repeat(18)}`, '[redacted]'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----', '[redacted]'],
  ['nothing of ordinary prose', 'the bearer of a risk-averse sk-learn estimator', undefined],
])('%s', ([, text, expected]) => {
  expect(new Redactor([SECRET, 'short']).text(text as string)).toBe(expected ?? text);
});

test('secrets of the environment are those whose names say so', () => {
  const environment = {
    OPENAI_API_KEY: 'a-very-secret-key',
    GITHUB_TOKEN: 'another-long-secret',
    TOKENIZERS_PARALLELISM: 'definitely-not-one',
    KEY_FILE: '/run/secrets/key-file',
    DB_PASSWORD: 'short',
    HOME: '/home/somebody-here',
  };
  expect(secretsFromEnvironment(environment)).toEqual(['a-very-secret-key', 'another-long-secret']);
});

test('a secret spread over the events of a stream is found', () => {
  const delta = (content: string, index = 0) => JSON.stringify({ choices: [{ index, delta: { content } }] });
  const events = [delta('my '), delta('other', 1), delta('top-sec'), delta('ret-word'), delta('!'), '[DONE]'];
  const redacted = new Redactor(['top-secret-word']).events(events);
  expect(redacted).toEqual([
    delta('my [redacted]!'),
    delta('other', 1),
    delta(''),
    delta(''),
    delta(''),
    '[DONE]',
  ]);
});

test('events without a secret keep their spelling', () => {
  const events = ['{"choices": [ {"index":0, "logprob": 1.0} ]}', 'not { json'];
  expect(new Redactor(['top-secret-word']).events(events)).toEqual(events);
});

test('no secret reaches a recording, and the replay finds its requests nevertheless', async () => {
  const folder = await temporaryFolder();
  const secrets = [SECRET];
  const apiKey = 'upstream-key-0123456789';
  const bodies = [chat(`say ${SECRET}`), chat('two', { tools: [{ [SECRET]: `Bearer ${'0a'.repeat(10)}` }] })];
  const leak = `you said ${SECRET}, with ${apiKey}`;
  const { endpoint } = await record(
    folder,
    (body, response, request) => {
      if (JSON.stringify(body).includes('two'))
        return response.writeHead(200, { 'set-cookie': 'session=me-0123' }).end(leak);
      const echoed = completion(`${leak} and ${request.headers.authorization}`);
      return sendJson(response, 200, echoed, { 'x-request-id': 'me-0123' });
    },
    bodies,
    { secrets, mode: 'record' },
  );
  expect(endpoint.seen[0]?.headers.authorization).toBeUndefined();
  const withKey = { mode: 'record', secrets, upstream: { baseUrl: endpoint.baseUrl, apiKey } } as const;
  const { gateway } = await startGateway({ ...withKey, recordingsDir: folder });
  const run = await gateway.openRun(identity());
  const [answer] = await askAll(gateway, run.token, bodies);
  expect(answer?.text, 'the client gets what the endpoint said').toContain('hunter2');
  expect(endpoint.seen.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`);
  await gateway.closeRun(run.token);

  const text = await readFile(path.join(folder, RECORDING), 'utf8');
  for (const secret of ['hunter2', 'upstream-key', '0a0a0a', 'me-0123', 'set-cookie', run.token]) {
    expect(text).not.toContain(secret);
  }
  const replaying = await startGateway({ recordingsDir: folder, secrets });
  const again = await replaying.gateway.openRun(identity());
  await askAll(replaying.gateway, again.token, bodies);
  expect((await replaying.gateway.closeRun(again.token)).misses).toEqual([]);
});

test('no secret of a stream reaches a recording, and the client sees the stream as it was', async () => {
  const folder = await temporaryFolder();
  const events = ['the-long', '-secret-word'].map((content) =>
    JSON.stringify({ choices: [{ delta: { content } }] }),
  );
  const { answers } = await record(
    folder,
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events.map((event) => `data: ${event}\n\n`).join(''));
    },
    [chat('a', { stream: true })],
    { secrets: ['the-long-secret-word'] },
  );
  expect(answers[0]?.text).toContain('-secret-word');
  const text = await readFile(path.join(folder, RECORDING), 'utf8');
  expect(text).toContain('[redacted]');
  expect(text).not.toContain('-secret-word');
});
