import { type AddressInfo, connect } from 'node:net';
import { serve } from '@hono/node-server';
import { afterEach, describe, expect, test } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import type { Generation, GenerationResult, Generator, OnText } from './generation.ts';
import { createApp } from './http-app.ts';

type Script = (generation: Generation, signal: AbortSignal, onText: OnText) => Promise<GenerationResult>;

const result = (...texts: string[]): GenerationResult => ({
  samples: texts.map((text) => ({ text, finishReason: 'stop' })),
  inputTokens: 12,
  outputTokens: 5,
  reusedTokens: 4,
  cpuMs: 33.333,
});

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The app on a real socket, over a generator that follows a script. */
async function start(script: Script): Promise<string> {
  const generator: Generator = { generate: script };
  const { fetch } = createApp(generator, { id: 'tiny', sha256: 'f'.repeat(64) }, () => 1_700_000_000_000);
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const chat = (base: string, body: object, init: RequestInit = {}) =>
  fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...body }),
    ...init,
  });

describe('plain answers', () => {
  test('have OpenAI’s form, and the cost in headers', async () => {
    const base = await start(async () => result('one', 'two'));
    const response = await chat(base, { model: 'named', n: 2 });
    expect(response.headers.get('x-lm-cpu-ms')).toBe('33.3');
    expect(response.headers.get('x-lm-reused-tokens')).toBe('4');
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{24}$/),
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'named',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'one' }, logprobs: null, finish_reason: 'stop' },
        { index: 1, message: { role: 'assistant', content: 'two' }, logprobs: null, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
    });
  });

  test('of /v1/completions carry text', async () => {
    const base = await start(async () => result('rest'));
    const body = JSON.stringify({ prompt: 'def' });
    const response = await fetch(`${base}/v1/completions`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      model: 'tiny',
      choices: [{ index: 0, text: 'rest', finish_reason: 'stop' }],
    });
  });

  test('list the one model', async () => {
    const base = await start(async () => result());
    const listed = await (await fetch(`${base}/v1/models`)).json();
    expect(listed).toMatchObject({ object: 'list', data: [{ id: 'tiny', sha256: 'f'.repeat(64) }] });
    expect((await fetch(`${base}/v1/models/tiny`)).status).toBe(200);
    expect((await fetch(`${base}/v1/models/other`)).status).toBe(404);
  });
});

describe('streamed answers', () => {
  const events = (text: string) =>
    text
      .split('\n\n')
      .filter((block) => block.startsWith('data: {'))
      .map((block) => JSON.parse(block.slice(6)));

  const script: Script = async (_, __, onText) => {
    onText(0, 'He');
    onText(1, 'Bye');
    onText(0, 'llo');
    return result('Hello', 'Bye');
  };

  test('send each text, each end, the usage, the cost and [DONE]', async () => {
    const base = await start(script);
    const response = await chat(base, { stream: true, n: 2, stream_options: { include_usage: true } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toMatch(/: x-lm-cpu-ms 33\.3\n\ndata: \[DONE\]\n\n$/);
    const sent = events(text);
    expect(sent.map(({ choices }) => choices[0] ?? null)).toEqual([
      { index: 0, delta: { role: 'assistant', content: 'He' }, logprobs: null, finish_reason: null },
      { index: 1, delta: { role: 'assistant', content: 'Bye' }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: 'llo' }, logprobs: null, finish_reason: null },
      { index: 0, delta: {}, logprobs: null, finish_reason: 'stop' },
      { index: 1, delta: {}, logprobs: null, finish_reason: 'stop' },
      null,
    ]);
    expect(sent.at(-1).usage).toEqual({ prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 });
  });

  test('send no usage where none is asked for', async () => {
    const base = await start(script);
    const sent = events(await (await chat(base, { stream: true, n: 2 })).text());
    expect(sent.every((event) => event.usage === undefined)).toBe(true);
  });

  test('of no text still end', async () => {
    const base = await start(async () => result(''));
    const sent = events(await (await chat(base, { stream: true })).text());
    expect(sent).toHaveLength(1);
    expect(sent[0].choices[0].finish_reason).toBe('stop');
  });

  test('that fail before the first text have the status of the error', async () => {
    const base = await start(() => Promise.reject(new ConstitutionError('CX-LM-REQUEST', 'Too long.')));
    const response = await chat(base, { stream: true });
    expect(response.status).toBe(400);
  });

  test('that fail later end with an error and without [DONE]', async () => {
    const base = await start(async (_, __, onText) => {
      onText(0, 'He');
      throw new ConstitutionError('CX-LM-DIED', 'Gone.');
    });
    const text = await (await chat(base, { stream: true })).text();
    expect(events(text).at(-1).error.code).toBe('CX-LM-DIED');
    expect(text).not.toContain('[DONE]');
  });
});

describe('errors', () => {
  test.each([
    [
      new ConstitutionError('CX-LM-REQUEST', 'No.', { hint: 'Ask else.', details: { param: 'grammar' } }),
      400,
      'invalid_request_error',
      'CX-LM-REQUEST',
    ],
    [
      new ConstitutionError('CX-LM-REQUEST', 'No.', { details: { reason: 'context_length_exceeded' } }),
      400,
      'invalid_request_error',
      'context_length_exceeded',
    ],
    [new ConstitutionError('CX-LM-BUSY', 'No.'), 429, 'rate_limit_error', 'CX-LM-BUSY'],
    [new ConstitutionError('CX-LM-DIED', 'No.'), 503, 'server_error', 'CX-LM-DIED'],
    [new TypeError('secret detail'), 500, 'server_error', 'CX-INTERNAL'],
  ])('%s is %i', async (error, status, type, code) => {
    const base = await start(() => Promise.reject(error));
    const response = await chat(base, {});
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { type, code } });
    expect(text).not.toContain('secret detail');
  });

  test('a body that is not JSON, or not a request, never reaches the generator', async () => {
    const base = await start(() => Promise.reject(new TypeError('reached')));
    expect((await chat(base, {}, { body: '{"messages"' })).status).toBe(400);
    const response = await chat(base, { temperature: 'hot' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'temperature' } });
  });

  test('an unknown path is 404 in OpenAI’s form', async () => {
    const base = await start(async () => result());
    const response = await fetch(`${base}/v1/embeddings`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('a client that goes away', () => {
  test.each([false, true])('cancels its request (stream: %s)', async (stream) => {
    let cancelled: () => void = () => undefined;
    const aborted = new Promise<string>((resolve) => {
      cancelled = () => resolve('cancelled');
    });
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const base = await start(async (_, signal, onText) => {
      onText(0, 'first');
      begun();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      cancelled();
      signal.throwIfAborted();
      return result();
    });
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], stream });
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await started;
    if (stream) await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(await aborted).toBe('cancelled');
  });
});
