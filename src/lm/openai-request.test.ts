import { describe, expect, test } from 'vitest';
import { parseChatRequest, parseTextRequest } from './openai-request.ts';

const messages = [{ role: 'user', content: 'hello' }];

describe('parseChatRequest', () => {
  test('fills in every default', () => {
    expect(parseChatRequest({ messages })).toMatchObject({
      model: '',
      stream: false,
      includeUsage: false,
      generation: {
        prompt: { messages },
        temperature: 1,
        topP: 0.95,
        topK: 40,
        maxTokens: 90,
        stop: [],
        constraint: null,
        reusePrefix: true,
      },
    });
  });

  test('takes what OpenAI clients send', () => {
    const request = parseChatRequest({
      model: 'm',
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'be ' },
            { type: 'text', text: 'brief' },
          ],
        },
        { role: 'assistant', content: null },
      ],
      max_tokens: 7,
      max_completion_tokens: 8,
      stop: 'x',
      stream: true,
      stream_options: { include_usage: true },
      n: 3,
      user: 'someone',
      presence_penalty: 0,
      logprobs: false,
      tools: [],
      response_format: { type: 'text' },
    });
    expect(request).toMatchObject({ model: 'm', stream: true, includeUsage: true });
    expect(request.generation).toMatchObject({ maxTokens: 8, stop: ['x'], constraint: null });
    expect(request.generation.prompt).toEqual({
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'assistant', content: '' },
      ],
    });
    expect(request.generation.seeds).toHaveLength(3);
  });

  test('turns formats and grammars into constraints', () => {
    const schema = { type: 'object' };
    const of = (extra: object) => parseChatRequest({ messages, ...extra }).generation.constraint;
    expect(of({ response_format: { type: 'json_object' } })).toEqual({ kind: 'json-object' });
    expect(
      of({ response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema } } }),
    ).toEqual({
      kind: 'json-schema',
      schema,
    });
    expect(of({ grammar: 'root ::= "a"' })).toEqual({ kind: 'gbnf', grammar: 'root ::= "a"' });
  });

  test.each([
    [{}, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }] },
      'messages.0.content',
    ],
    [{ messages, temperature: -1 }, 'temperature'],
    [{ messages, top_p: 0 }, 'top_p'],
    [{ messages, max_tokens: 0 }, 'max_tokens'],
    [{ messages, n: 33 }, 'n'],
    [{ messages, stop: '' }, 'stop'],
    [{ messages, seed: 1.5 }, 'seed'],
    [{ messages, tools: [{ type: 'function' }] }, 'tools'],
    [{ messages, logprobs: true }, 'logprobs'],
    [{ messages, frequency_penalty: 0.5 }, 'frequency_penalty'],
    [{ messages, response_format: { type: 'xml' } }, 'response_format.type'],
    [{ messages, grammar: 'root ::= "a"', response_format: { type: 'json_object' } }, 'grammar'],
    [{ messages, temprature: 0 }, 'temprature'],
    ['text', ''],
    [null, ''],
  ])('refuses %j, naming %s', (body, param) => {
    expect(() => parseChatRequest(body)).toThrowError(
      expect.objectContaining({ code: 'CX-LM-REQUEST', details: { param } }),
    );
  });
});

describe('seeds', () => {
  const seeds = (extra: object) => parseChatRequest({ messages, ...extra }).generation.seeds;

  test('are the same for the same request, with or without a given seed', () => {
    expect(seeds({})).toEqual(seeds({}));
    expect(seeds({ seed: 1 })).toEqual(seeds({ seed: 1 }));
    expect(seeds({})).not.toEqual(seeds({ seed: 1 }));
    expect(seeds({ seed: 1 })).not.toEqual(seeds({ seed: 2 }));
  });

  test('differ with the prompt and with what shapes the sampling', () => {
    const other = parseChatRequest({ messages: [{ role: 'user', content: 'hello!' }] }).generation.seeds;
    expect(other).not.toEqual(seeds({}));
    expect(seeds({ temperature: 0.5 })).not.toEqual(seeds({}));
  });

  test('of a sample do not depend on how many there are, nor on streaming and the model name', () => {
    expect(seeds({ n: 4 }).slice(0, 2)).toEqual(seeds({ n: 2 }));
    expect(new Set(seeds({ n: 32 })).size).toBe(32);
    expect(seeds({ stream: true, model: 'm', user: 'u', cache_prompt: false })).toEqual(seeds({}));
  });

  test('are 32-bit', () => {
    for (const seed of seeds({ n: 32 }))
      expect(seed).toSatisfy((value: number) => value >= 0 && value < 2 ** 32);
  });
});

describe('parseTextRequest', () => {
  test('continues a text', () => {
    const { generation } = parseTextRequest({ prompt: 'def f(', stop: ['\n', 'def'], temperature: 0 });
    expect(generation).toMatchObject({ prompt: { text: 'def f(' }, stop: ['\n', 'def'], temperature: 0 });
  });

  test.each([[{}], [{ prompt: '' }], [{ prompt: ['a'] }], [{ prompt: 'a', messages }]])(
    'refuses %j',
    (body) => {
      expect(() => parseTextRequest(body)).toThrowError(expect.objectContaining({ code: 'CX-LM-REQUEST' }));
    },
  );
});
