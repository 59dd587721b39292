import { access } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { BugSecrets } from '../core/bug-secrets.ts';
import {
  chat,
  completion,
  endAll,
  identity,
  post,
  readJson,
  sendJson,
  startEndpoint,
  startGateway,
} from './test-support.ts';

afterEach(endAll);

const secrets: BugSecrets = {
  entry: 'add',
  code: { buggy: 'def add(a, b):\n    return a - b\n', fixed: 'def add(a, b):\n    return a + b\n' },
  hiddenCalls: ['add(20, 22)'],
  plan: [],
  visible: ['def add(a, b):\n    return a - b\n', 'add(1, 2)'],
};
const ASKED = 'Repair it.\ndef add(a, b):\n    return a - b\nadd(1, 2) must be 3.';
const FIXED = 'def add(a, b):\n    return a + b';
const RECORDING = 'coder/bug/baseline.0.json';

/** A gateway before a model that always answers with the fix. */
async function opened(mode: 'record' | 'auto' | 'live', known: BugSecrets | null = secrets) {
  const endpoint = await startEndpoint((_, response) => sendJson(response, 200, completion(FIXED)));
  const { gateway, recordingsDir } = await startGateway({ mode, upstream: { baseUrl: endpoint.baseUrl } });
  const { token } = await gateway.openRun({ ...identity(), ...(known ? { secrets: known } : {}) });
  return { gateway, token, endpoint, recordingsDir };
}

test.each([
  ['record', 'the line of the fix', `Repair it.\n${FIXED}`, 'the line of the fix return a+b'],
  ['auto', 'a hidden test', `${ASKED}\nassert add(20, 22) == 42`, 'the hidden test add(20,22)'],
  ['live', 'the line of the fix', `Repair it.\n${FIXED}`, 'the line of the fix return a+b'],
] as const)(
  '%s: a request that holds %s is refused before the model sees it',
  async (mode, _, content, what) => {
    const { gateway, token, endpoint, recordingsDir } = await opened(mode);
    const refused = await post(gateway, token, chat(content));
    expect(refused.status).toBe(400);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(await refused.json()).toMatchObject({
      error: { code: 'CX-BUG-LEAK', message: expect.stringContaining(`the request holds ${what}`) },
    });
    // The run goes on, and is worth nothing all the same.
    expect((await post(gateway, token, chat(ASKED))).status).toBe(200);
    expect(endpoint.seen).toHaveLength(1);
    const { failures, recording } = await gateway.closeRun(token);
    expect(failures).toMatchObject([{ code: 'CX-BUG-LEAK' }]);
    expect(recording).toBeNull();
    await expect(access(path.join(recordingsDir, RECORDING))).rejects.toThrow('ENOENT');
  },
);

test('what the model has said itself it may be shown again', async () => {
  const { gateway, token, recordingsDir } = await opened('record');
  expect((await post(gateway, token, chat(ASKED))).status).toBe(200);
  expect((await post(gateway, token, chat(`This is wrong:\n${FIXED}`))).status).toBe(200);
  expect((await gateway.closeRun(token)).failures).toEqual([]);
  expect((await readJson(recordingsDir, RECORDING)).exchanges).toHaveLength(2);
});

test('a run that has no secrets may ask anything', async () => {
  const { gateway, token } = await opened('record', null);
  expect((await post(gateway, token, chat(FIXED))).status).toBe(200);
  expect((await gateway.closeRun(token)).failures).toEqual([]);
});
