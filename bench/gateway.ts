import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ConstitutionError } from '../src/core/errors.ts';
import { Gateway } from '../src/gateway/gateway.ts';

const CONNECTIONS = 16;
const REQUESTS = 8_000;
const WARM_UP = 1_000;
/** Distinct prompts of the run; each is asked `REQUESTS / PROMPTS` times, which are ordinals of their own. */
const PROMPTS = 100;

/**
 * Replays {@link REQUESTS} chat completions of about 2 kB over {@link CONNECTIONS} connections, client and gateway
 * in one process, so that the figures are a lower bound.
 *
 * @returns `requestsPerSecond`, and `p50Ms`, `p99Ms` of one request as its client sees it
 */
export async function benchGateway(): Promise<Record<string, number>> {
  const recordingsDir = await mkdtemp(path.join(os.tmpdir(), 'bench-gateway-'));
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    await recordRun(recordingsDir, agent);
    const gateway = await Gateway.listen({ ...common(recordingsDir), mode: 'replay', upstream: null });
    try {
      const { token } = await gateway.openRun(identity);
      await askAll(gateway, token, agent, WARM_UP);
      const started = performance.now();
      const times = (await askAll(gateway, token, agent, REQUESTS)).sort((a, b) => a - b);
      const seconds = (performance.now() - started) / 1000;
      await gateway.closeRun(token);
      const quantile = (part: number) => times[Math.ceil(part * times.length) - 1] as number;
      return { requestsPerSecond: REQUESTS / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
    } finally {
      await gateway.close();
    }
  } finally {
    agent.destroy();
    await rm(recordingsDir, { recursive: true, force: true });
  }
}

const identity = {
  run: 'bench/gateway/baseline/0',
  recording: 'bench.json',
  repeat: 0,
  environment: { name: 'bench', dspy: '3.0.1', python: '3.11' },
};

const common = (recordingsDir: string) => ({ recordingsDir, model: { id: 'stub', sha256: null } });

async function recordRun(recordingsDir: string, agent: Agent): Promise<void> {
  const answer = JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: 'return a + b' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 250, completion_tokens: 5 },
  });
  const endpoint = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`;
  const gateway = await Gateway.listen({ ...common(recordingsDir), mode: 'record', upstream: { baseUrl } });
  const { token } = await gateway.openRun(identity);
  await askAll(gateway, token, agent, WARM_UP + REQUESTS);
  await gateway.closeRun(token);
  await gateway.close();
  endpoint.closeAllConnections();
  endpoint.close();
}

/** Milliseconds of each request. */
async function askAll(gateway: Gateway, token: string, agent: Agent, count: number): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) times.push(await ask(gateway, token, agent, next++ % PROMPTS));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return times;
}

function ask(gateway: Gateway, token: string, agent: Agent, prompt: number): Promise<number> {
  const body = JSON.stringify({
    model: 'stub',
    messages: [{ role: 'user', content: `${prompt} ${'def f(a, b): return a - b\n'.repeat(70)}` }],
    temperature: 0,
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const started = performance.now();
  return new Promise((resolve, reject) => {
    request(`${gateway.baseUrl}/chat/completions`, { method: 'POST', headers, agent }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - started);
        else
          reject(new ConstitutionError('CX-INTERNAL', `a request was answered with ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end(body);
  });
}
