import { afterEach, describe, expect, test } from 'vitest';
import type { PlannedFault } from '../core/fault.ts';
import {
  askAll,
  chat,
  completion,
  endAll,
  identity,
  post,
  readJson,
  sendJson,
  startEndpoint,
  startGateway,
  temporaryFolder,
} from './test-support.ts';

afterEach(endAll);

async function recording(more: { faults?: PlannedFault[]; watch?: Record<string, string[]> }) {
  const endpoint = await startEndpoint((_, response) => sendJson(response, 200, completion('fine')));
  const recordingsDir = await temporaryFolder();
  const upstream = { baseUrl: endpoint.baseUrl };
  const { gateway } = await startGateway({ mode: 'record', recordingsDir, upstream });
  const { token } = await gateway.openRun({ ...identity(), ...more });
  return { gateway, token, endpoint, recordingsDir };
}

describe('injected faults', () => {
  test.each([
    ['rate-limit', 429],
    ['server-error', 500],
  ] as const)('%s is the status %d', async (kind, status) => {
    const { gateway, token } = await recording({ faults: [{ call: 0, kind }] });
    const response = await post(gateway, token, chat('a'));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: `fault: an injected fault: ${kind}` } });
  });

  test('malformed is an answer that is not JSON', async () => {
    const { gateway, token } = await recording({ faults: [{ call: 0, kind: 'malformed' }] });
    const response = await post(gateway, token, chat('a'));
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test('truncated breaks off in the answer', async () => {
    const { gateway, token } = await recording({ faults: [{ call: 0, kind: 'truncated' }] });
    const response = await post(gateway, token, chat('a'));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('timeout ends the connection without an answer', async () => {
    const { gateway, token } = await recording({ faults: [{ call: 0, kind: 'timeout' }] });
    await expect(post(gateway, token, chat('a'))).rejects.toThrow('fetch failed');
  });

  test('only the planned call is met; it reaches no endpoint, and is not recorded', async () => {
    const { gateway, token, endpoint, recordingsDir } = await recording({
      faults: [{ call: 1, kind: 'server-error' }],
    });
    const answers = await askAll(gateway, token, [chat('a'), chat('b'), chat('b')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
    expect(endpoint.seen).toHaveLength(2);
    const meter = await gateway.closeRun(token);
    expect(meter.faults).toEqual([{ call: 1, kind: 'server-error', recoveredMs: expect.any(Number) }]);
    expect(meter).toMatchObject({ requests: 3, usage: { calls: 2 }, failures: [] });
    expect((await readJson(recordingsDir, 'coder/bug/baseline.0.json')).exchanges).toHaveLength(2);
  });

  test('a replay meets the same faults, and answers the rest', async () => {
    const faults = [{ call: 0, kind: 'rate-limit' }] as const;
    const { gateway, token, recordingsDir } = await recording({ faults: [...faults] });
    await askAll(gateway, token, [chat('a'), chat('a')]);
    await gateway.closeRun(token);
    const replay = await startGateway({ recordingsDir });
    const again = await replay.gateway.openRun({ ...identity(), faults });
    const answers = await askAll(replay.gateway, again.token, [chat('a'), chat('a')]);
    expect(answers.map(({ status }) => status)).toEqual([429, 200]);
    expect(await replay.gateway.closeRun(again.token)).toMatchObject({ misses: [], unused: 0 });
  });

  test('a fault that nothing good came after is not recovered from', async () => {
    const { gateway, token } = await recording({ faults: [{ call: 0, kind: 'rate-limit' }] });
    await post(gateway, token, chat('a'));
    expect((await gateway.closeRun(token)).faults).toEqual([
      { call: 0, kind: 'rate-limit', recoveredMs: null },
    ]);
  });
});

test('texts are looked for in every request; white space does not count', async () => {
  const watch = { code: ['def f(x):\n    return x'], tasks: ['paint', 'sand'], none: ['absent'] };
  const { gateway, token } = await recording({ watch });
  await askAll(gateway, token, [chat('Repair: def f(x): return x'), chat('sand, then paint'), chat('paint')]);
  expect(await gateway.closeRun(token)).toMatchObject({
    requests: 3,
    watched: { code: 1, tasks: 1, none: 0 },
  });
});
