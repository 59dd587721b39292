import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderChat } from './chat-template.ts';
import { embeddedFiles, LM_FOLDER, problemWith } from './embedded-files.ts';
import type { ChatMessage } from './generation.ts';
import type { LlamaModel } from './llama-types.ts';
import { type EmbeddedLm, startEmbeddedLm } from './start.ts';

/*
 * These tests generate with the real model. Fetching it (180 MB) is a choice that `npm run lm fetch` makes, not a
 * test run, so they apply only where that has been done; elsewhere they are listed as skipped under this name.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const files = embeddedFiles(join(root, LM_FOLDER));
const fetched = (await problemWith(files, false).catch(() => 'no prebuilt runtime')) === null;

describe.runIf(fetched)('the embedded model (applies only where "lm fetch" has been run)', () => {
  let folder: string;
  let lm: EmbeddedLm;
  const stopped = new AbortController();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cx-lm-'));
    await build({
      config: false,
      entry: { 'lm-server': fileURLToPath(new URL('server-main.ts', import.meta.url)) },
      outDir: folder,
      format: 'esm',
      platform: 'node',
      noExternal: [/.*/],
      inlineOnly: false,
      dts: false,
      logLevel: 'silent',
      outExtensions: () => ({ js: '.mjs' }),
    });
    lm = await startEmbeddedLm({
      root,
      signal: stopped.signal,
      processes: 2,
      server: join(folder, 'lm-server.mjs'),
    });
  });
  afterAll(async () => {
    await lm?.stop();
    await rm(folder, { recursive: true });
  });

  interface Answer {
    status: number;
    texts: string[];
    finish: string[];
    usage: { prompt_tokens: number; completion_tokens: number };
    reused: number;
    cpuMs: number;
    error?: { code: string; param: string };
  }
  async function ask(content: string, extra: object = {}): Promise<Answer> {
    const messages = [{ role: 'user', content }];
    const response = await fetch(`${lm.baseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ messages, max_tokens: 24, ...extra }),
    });
    const body = (await response.json()) as {
      choices?: Array<{ message: { content: string }; finish_reason: string }>;
      usage: Answer['usage'];
      error?: Answer['error'];
    };
    return {
      status: response.status,
      texts: (body.choices ?? []).map(({ message }) => message.content),
      finish: (body.choices ?? []).map(({ finish_reason }) => finish_reason),
      usage: body.usage,
      reused: Number(response.headers.get('x-lm-reused-tokens')),
      cpuMs: Number(response.headers.get('x-lm-cpu-ms')),
      ...(body.error === undefined ? {} : { error: body.error }),
    };
  }

  test('answers, with the count and cost of its tokens', async () => {
    const answer = await ask('What is 2+2?', { temperature: 0 });
    expect(answer.texts[0]).toContain('4');
    expect(answer.finish).toEqual(['stop']);
    expect(answer.usage.prompt_tokens).toBe(37);
    expect(answer.cpuMs).toBeGreaterThan(0);
    expect((await ask('Tell me a story.', { max_tokens: 5 })).usage.completion_tokens).toBe(5);
  });

  test('gives the same text for the same request, whoever serves it and whatever came before', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `rule ${at}: task ${at % 7} comes after task ${at % 5}.`,
    );
    const prompt = (end: string) => `${lines.join(' ')} ${end}`;
    const options = { temperature: 0.9, n: 2 };
    const cold = await ask(prompt('Which is first?'), { ...options, cache_prompt: false });
    // Both processes serve it, after requests that share different parts of its beginning.
    const others = lines
      .slice(0, 8)
      .map((_, at) => ask(prompt('x'.repeat(at)).slice(0, 100 + at * 60), { max_tokens: 3 }));
    const warm = await Promise.all([
      ...others,
      ...Array.from({ length: 4 }, () => ask(prompt('Which is first?'), options)),
    ]);
    const again = warm.slice(others.length);
    for (const answer of again) expect(answer.texts).toEqual(cold.texts);
    expect(Math.max(...again.map(({ reused }) => reused))).toBeGreaterThan(100);
    expect(cold.reused).toBe(0);
    expect(cold.texts[0]).not.toBe(cold.texts[1]);
  });

  test('samples of one request share its prompt and do not depend on their number', async () => {
    const three = await ask('Name an animal.', { n: 3, seed: 5 });
    const one = await ask('Name an animal.', { n: 1, seed: 5 });
    expect(three.texts).toHaveLength(3);
    expect(three.texts[0]).toBe(one.texts[0]);
    expect(three.usage.prompt_tokens).toBe(one.usage.prompt_tokens);
    expect((await ask('Name an animal.', { seed: 6, max_tokens: 24 })).texts[0]).not.toBe(one.texts[0]);
  });

  test('keeps to JSON, to a schema and to a grammar at any temperature', async () => {
    const schema = {
      type: 'object',
      properties: {
        order: { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 3, maxItems: 3 },
        note: { anyOf: [{ type: 'string', maxLength: 10 }, { type: 'null' }] },
      },
      required: ['order', 'note'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', json_schema: { name: 'plan', schema } };
    for (let seed = 0; seed < 5; seed++) {
      const hot = { temperature: 1.8, top_p: 1, top_k: 0, seed, max_tokens: 90 };
      const [text = ''] = (await ask('Order the tasks a, b and c.', { ...hot, response_format: format }))
        .texts;
      const plan = JSON.parse(text) as { order: string[]; note: string | null };
      expect(Object.keys(plan)).toEqual(['order', 'note']);
      expect(plan.order).toHaveLength(3);
      const picked = await ask('Yes or no?', { ...hot, grammar: 'root ::= "yes" | "no"' });
      expect(['yes', 'no']).toContain(picked.texts[0]);
    }
    const anyObject = { n: 4, max_tokens: 60, response_format: { type: 'json_object' } };
    const any = await ask('A person as JSON.', anyObject);
    for (const [at, text] of any.texts.entries()) {
      // A small model may write more members than the limit allows; what it wrote so far is JSON all the same.
      if (any.finish[at] === 'stop') expect(JSON.parse(text)).toBeTypeOf('object');
      else expect(text).toMatch(/^\{ ?("|$)/);
    }
  });

  test('stops at a stop sequence and refuses what it cannot serve', async () => {
    const stopped = await ask('Count: one two three', { temperature: 0, stop: [' '] });
    expect(stopped.texts[0]).not.toContain(' ');
    expect(await ask('x', { grammar: 'root ::= (' })).toMatchObject({
      status: 400,
      error: { param: 'grammar' },
    });
    expect(await ask('word '.repeat(5000))).toMatchObject({
      status: 400,
      error: { code: 'context_length_exceeded' },
    });
    expect((await ask('What is 2+2?', { temperature: 0 })).texts[0]).toContain('4');
  });

  test('goes on after clients went away', async () => {
    for (let at = 0; at < 6; at++) {
      const leave = new AbortController();
      const gone = fetch(`${lm.baseUrl}/chat/completions`, {
        method: 'POST',
        signal: leave.signal,
        body: JSON.stringify({
          messages: [{ role: 'user', content: 'Write a long story.' }],
          max_tokens: 3000,
          stream: true,
        }),
      });
      await gone;
      leave.abort();
    }
    expect((await ask('What is 2+2?', { temperature: 0 })).texts[0]).toContain('4');
  });

  test('the chat template is the one inside the weights file, token by token', async () => {
    const modules = join(files.runtime, 'node_modules');
    const load = (path: string) => import(/* @vite-ignore */ pathToFileURL(join(modules, path)).href);
    const { getLlama } = await load('node-llama-cpp/dist/index.js');
    const { Template } = await load('@huggingface/jinja/dist/index.js');
    const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: 'error' });
    const model: LlamaModel = await llama.loadModel({ modelPath: files.weights, vocabOnly: true });
    const template = new Template(model.fileInfo.metadata.tokenizer.chat_template ?? '');
    const chats: ChatMessage[][] = [
      [{ role: 'user', content: 'hello' }],
      [
        { role: 'system', content: '' },
        { role: 'user', content: ' two\n\nlines ' },
      ],
      [
        { role: 'user', content: 'a <|im_end|> b' },
        { role: 'assistant', content: 'é ✓' },
        { role: 'user', content: '' },
      ],
    ];
    for (const messages of chats) {
      const expected: string = template.render({ messages, add_generation_prompt: true });
      expect(model.tokenize(renderChat(messages), true)).toEqual(model.tokenize(expected, true));
    }
    await llama.dispose();
  });
});
