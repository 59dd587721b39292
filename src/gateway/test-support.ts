import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../core/json.ts';
import type { Recording, RunIdentity } from '../core/lm-exchange.ts';
import { Gateway, type GatewayOptions } from './gateway.ts';

const endings: (() => Promise<void>)[] = [];

/** Ends what a test started, the last first; every test file calls it after each test. */
export async function endAll(): Promise<void> {
  for (let end = endings.pop(); end; end = endings.pop()) await end();
}

export const MODEL = { id: 'stub', sha256: 'a'.repeat(64) };

export type Answer = (body: JsonObject, response: ServerResponse, request: IncomingMessage) => void;

/** A real LM endpoint on loopback that answers as `answer` says. */
export async function startEndpoint(answer: Answer) {
  const seen: { body: JsonObject; headers: IncomingMessage['headers']; url: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
    seen.push({ body, headers: request.headers, url: request.url ?? '' });
    answer(body, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  endings.push(close);
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen, close };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gateway-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A gateway in a folder of its own unless one is given; closed with the test. */
export async function startGateway(options: Partial<GatewayOptions> = {}) {
  const recordingsDir = options.recordingsDir ?? (await temporaryFolder());
  const defaults = { mode: 'replay', upstream: null, model: MODEL, root: recordingsDir } as const;
  const gateway = await Gateway.listen({ ...defaults, recordingsDir, ...options });
  endings.push(() => gateway.close());
  return { gateway, recordingsDir };
}

export function identity(name = 'coder/bug/baseline/0', repeat = 0): RunIdentity {
  return {
    run: name,
    recording: `${name.split('/').slice(0, -1).join('/')}.${repeat}.json`,
    repeat,
    environment: { name: 'dspy-3.0.1', dspy: '3.0.1', python: '3.11.7' },
  };
}

export function chat(content: string, more: JsonObject = {}): JsonObject {
  return { model: 'stub', messages: [{ role: 'user', content }], temperature: 0, ...more };
}

/** One LM request as a client of the run `token` sends it. */
export function post(
  gateway: Gateway,
  token: string,
  body: JsonObject | string | Uint8Array,
  more: RequestInit = {},
) {
  const isPlain = typeof body === 'object' && Object.getPrototypeOf(body) === Object.prototype;
  return fetch(`${gateway.baseUrl}/chat/completions`, {
    method: 'POST',
    ...more,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more.headers },
    body: isPlain ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>),
  });
}

export function completion(
  content: string,
  usage: JsonObject | null = { prompt_tokens: 7, completion_tokens: 3 },
) {
  const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
  return { id: 'c-1', object: 'chat.completion', choices, ...(usage ? { usage } : {}) };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export async function readJson(folder: string, file: string): Promise<Recording> {
  return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Recording;
}

/** Records one run that asks `bodies` one after the other, and tells what the client saw. */
export async function record(recordingsDir: string, answer: Answer, bodies: JsonObject[], options = {}) {
  const endpoint = await startEndpoint(answer);
  const { gateway } = await startGateway({
    mode: 'record',
    recordingsDir,
    upstream: { baseUrl: endpoint.baseUrl },
    ...options,
  });
  const { token } = await gateway.openRun(identity());
  const answers = await askAll(gateway, token, bodies);
  const meter = await gateway.closeRun(token);
  return { answers, meter, endpoint };
}

export async function askAll(gateway: Gateway, token: string, bodies: JsonObject[]) {
  const answers: { status: number; type: string | null; text: string }[] = [];
  for (const body of bodies) {
    const response = await post(gateway, token, body);
    const type = response.headers.get('content-type');
    // a stream that breaks off is seen as what came before
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    } catch {
      text += '<broken off>';
    }
    answers.push({ status: response.status, type, text });
  }
  return answers;
}
