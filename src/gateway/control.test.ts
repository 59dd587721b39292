import { afterEach, expect, test } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import { type CallIntent, unlimited } from './budget.ts';
import { GatewayClient } from './client.ts';
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

test('a client in another process opens and closes runs', async () => {
  const folder = await temporaryFolder();
  await record(folder, (_, response) => sendJson(response, 200, completion('x')), [chat('a')]);
  const { gateway } = await startGateway({ recordingsDir: folder });
  const client = new GatewayClient(gateway);
  const { token } = await client.openRun(identity());
  await askAll(gateway, token, [chat('a'), chat('b')]);
  const meter = await client.closeRun(token);
  expect(meter.usage).toEqual({ calls: 1, inputTokens: 7, outputTokens: 3, estimated: false });
  expect(meter.misses).toHaveLength(1);
  expect(meter.recordedWith?.model).toEqual({ id: 'stub', sha256: 'a'.repeat(64) });
  await expect(client.closeRun(token)).rejects.toMatchObject({
    code: 'CX-GATEWAY-RUN',
    hint: expect.any(String),
  });
});

test('discarding travels through the control interface', async () => {
  const { gateway } = await startGateway({ mode: 'record', upstream: { baseUrl: 'http://127.0.0.1:9/v1' } });
  const client = new GatewayClient(gateway);
  const { token } = await client.openRun(identity());
  expect((await client.closeRun(token, { keep: false })).recording).toBeNull();
  const kept = await client.openRun(identity());
  expect((await client.closeRun(kept.token)).recording?.path).toBe(identity().recording);
});

test('errors of the gateway arrive as they were thrown', async () => {
  const { gateway } = await startGateway();
  const client = new GatewayClient(gateway);
  const wrong = client.openRun({ ...identity(), recording: '../out.json' });
  await expect(wrong).rejects.toBeInstanceOf(ConstitutionError);
  await expect(wrong).rejects.toMatchObject({ code: 'CX-GATEWAY-RUN' });
  await expect(client.openRun({ ...identity(), repeat: -1 })).rejects.toThrow('repeat');
});

test('the control interface asks for its own token', async () => {
  const { gateway } = await startGateway();
  const { token } = await gateway.openRun(identity());
  for (const controlToken of ['', token, 'guess']) {
    const client = new GatewayClient({ controlUrl: gateway.controlUrl, controlToken });
    await expect(client.openRun(identity())).rejects.toMatchObject({ code: 'CX-GATEWAY-CONTROL' });
    await expect(client.closeRun(token)).rejects.toMatchObject({ code: 'CX-GATEWAY-CONTROL' });
  }
});

test('a gateway that is gone is told as such', async () => {
  const { gateway } = await startGateway();
  const client = new GatewayClient({ controlUrl: gateway.controlUrl, controlToken: gateway.controlToken });
  await gateway.close();
  await expect(client.openRun(identity())).rejects.toMatchObject({ code: 'CX-GATEWAY-CONTROL' });
});

test('routes of others are mounted under the same guard', async () => {
  const { gateway } = await startGateway({
    routes: (app) => app.post('/runs/echo', (c) => c.json({ echoed: true })),
  });
  expect(await new GatewayClient(gateway).request('POST', '/runs/echo', {})).toEqual({ echoed: true });
  expect((await fetch(`${gateway.controlUrl}/runs/echo`, { method: 'POST' })).status).toBe(401);
});

test('a budget is asked before a call and told after it, in a replay too', async () => {
  const folder = await temporaryFolder();
  await record(folder, (_, response) => sendJson(response, 200, completion('x')), [chat('a'), chat('b')]);
  const log: unknown[] = [];
  const reserve = ({ run, path }: CallIntent) => {
    if (log.length >= 2) throw new ConstitutionError('CX-USAGE', 'the budget is spent');
    log.push(`${run.run} ${path}`);
    return { settle: (usage: unknown) => log.push(usage) };
  };
  const { gateway } = await startGateway({ recordingsDir: folder, budget: { ...unlimited, reserve } });
  const { token } = await gateway.openRun(identity());
  const answers = await askAll(gateway, token, [chat('a'), chat('b')]);
  expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  expect(answers[1]?.text).toContain('the budget is spent');
  expect(log).toEqual([
    'coder/bug/baseline/0 /v1/chat/completions',
    { kind: 'reported', tokens: { input: 7, output: 3 } },
  ]);
  const meter = await gateway.closeRun(token);
  expect(meter.failures).toMatchObject([{ code: 'CX-USAGE' }]);
  expect(meter.unused).toBe(1);
});
