import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { ConstitutionError } from '../core/errors.ts';
import type { GenerationResult, Generator } from './generation.ts';
import { type CompletionRequest, parseChatRequest, parseTextRequest } from './openai-request.ts';
import {
  type AnswerIdentity,
  answerBody,
  CPU_HEADER,
  chunkBody,
  type Endpoint,
  errorBody,
  type ModelIdentity,
  REUSED_HEADER,
  usageBody,
} from './openai-response.ts';

/** The OpenAI-compatible endpoints over a generator. Any model name is accepted: there is one model. */
export function createApp(generator: Generator, model: ModelIdentity, now: () => number = Date.now): Hono {
  const app = new Hono();
  const started = Math.floor(now() / 1000);
  const card = {
    id: model.id,
    object: 'model',
    created: started,
    owned_by: 'embedded',
    sha256: model.sha256,
  };
  app.get('/v1/models', (context) => context.json({ object: 'list', data: [card] }));
  app.get('/v1/models/:id', (context) =>
    context.req.param('id') === model.id ? context.json(card) : notFound(context),
  );
  app.get('/health', (context) => context.json({ status: 'ok' }));

  const complete =
    (endpoint: Endpoint, parse: (body: unknown) => CompletionRequest) => async (context: Context) => {
      const request = parse(await readJson(context));
      const prefix = endpoint === 'chat' ? 'chatcmpl' : 'cmpl';
      const identity: AnswerIdentity = {
        id: `${prefix}-${request.id}`,
        created: Math.floor(now() / 1000),
        model: request.model === '' ? model.id : request.model,
      };
      if (request.stream) return streamAnswer(context, generator, { endpoint, identity, request });
      const result = await generator.generate(request.generation, context.req.raw.signal, () => undefined);
      context.header(CPU_HEADER, result.cpuMs.toFixed(1));
      context.header(REUSED_HEADER, String(result.reusedTokens));
      return context.json(answerBody(endpoint, identity, result));
    };
  app.post('/v1/chat/completions', complete('chat', parseChatRequest));
  app.post('/v1/completions', complete('text', parseTextRequest));

  app.notFound(notFound);
  app.onError((error, context) => {
    const { status, body } = errorBody(error);
    if (status === 429) context.header('retry-after', '1');
    return context.json(body, status);
  });
  return app;
}

/**
 * Server-sent events. The first event is written with the first text, so a request that is refused still gets
 * its status code.
 */
async function streamAnswer(
  context: Context,
  generator: Generator,
  answer: { endpoint: Endpoint; identity: AnswerIdentity; request: CompletionRequest },
): Promise<Response> {
  const { endpoint, identity, request } = answer;
  const texts: Array<{ index: number; text: string }> = [];
  let wake: () => void = () => undefined;
  const controller = new AbortController();
  const signal = AbortSignal.any([context.req.raw.signal, controller.signal]);
  let settled = false;
  const generated = generator
    .generate(request.generation, signal, (index, text) => {
      texts.push({ index, text });
      wake();
    })
    .finally(() => {
      settled = true;
      wake();
    });
  generated.catch(() => undefined);
  const progress = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
      if (settled || texts.length > 0) resolve();
    });

  await progress();
  if (settled && texts.length === 0) await generated;
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => controller.abort());
    const send = (body: object) => stream.writeSSE({ data: JSON.stringify(body) });
    const opened = new Set<number>();
    for (;;) {
      for (const { index, text } of texts.splice(0)) {
        const role = opened.has(index) ? {} : { role: 'assistant' as const };
        opened.add(index);
        await send(chunkBody(endpoint, identity, { index, text, ...role }));
      }
      if (settled && texts.length === 0) break;
      await progress();
    }
    let result: GenerationResult;
    try {
      result = await generated;
    } catch (error) {
      await send(errorBody(error).body);
      return;
    }
    for (const [index, { finishReason }] of result.samples.entries()) {
      await send(chunkBody(endpoint, identity, { index, finishReason }));
    }
    if (request.includeUsage) await send(usageBody(endpoint, identity, result));
    // Headers are long gone; a comment carries what a plain answer has there.
    await stream.write(`: ${CPU_HEADER} ${result.cpuMs.toFixed(1)}\n\n`);
    await stream.writeSSE({ data: '[DONE]' });
  });
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch (cause) {
    throw new ConstitutionError('CX-LM-REQUEST', 'The body is not JSON.', { cause });
  }
}

function notFound(context: Context): Response {
  const message = `There is no ${context.req.method} ${context.req.path}.`;
  return context.json(
    { error: { message, type: 'invalid_request_error', param: null, code: 'not_found' } },
    404,
  );
}
