import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../core/json.ts';

/** The text of a completion; a status; a whole body; null: the connection is broken off. */
type Answer = string | number | JsonObject | null;

/** A loopback endpoint in the OpenAI form for tests, each of which says what it answers. */
export class ScriptedLm {
  requests: JsonObject[] = [];
  answer: (prompt: string, request: JsonObject) => Answer | Promise<Answer> = () => '';
  readonly #server = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      response.end(JSON.stringify({ object: 'list', data: [] }));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
      this.requests.push(body);
      const messages = body['messages'] as { content: string }[];
      const answer = await this.answer(messages.at(-1)?.content ?? '', body);
      if (answer === null) {
        response.destroy();
        return;
      }
      if (typeof answer === 'number') response.writeHead(answer);
      response.end(JSON.stringify(bodyOf(answer, body)));
    });
  });

  async start() {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function bodyOf(answer: string | number | JsonObject, request: JsonObject): JsonObject {
  if (typeof answer === 'number') return { error: { message: 'no' } };
  return typeof answer === 'string' ? completion(request, answer) : answer;
}

/** An answer of 10 tokens for one of 2. */
export function completion(body: JsonObject, content: string): JsonObject {
  const samples = Number(body['n'] ?? 1);
  const choices = Array.from({ length: samples }, (_, index) => ({
    index,
    finish_reason: 'stop',
    message: { role: 'assistant', content },
  }));
  const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
  return { id: 's', object: 'chat.completion', created: 0, model: 's', choices, usage };
}
