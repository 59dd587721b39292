import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import type { GatewayMode } from '../core/pipeline-run.ts';
import type { PytestComparison } from '../core/pytest-comparison.ts';
import { GatewayClient } from '../gateway/client.ts';
import {
  completion,
  endAll,
  readJson,
  sendJson,
  startEndpoint,
  startGateway,
} from '../gateway/test-support.ts';
import { startSuitePair } from './suite-pair.ts';

const root = packageRoot();
let suite: string;
let recordings: string;
/** LM requests that the endpoint got. */
let asked: number;
let recorded: PytestComparison;
let replayed: PytestComparison;
let missed: PytestComparison;
beforeAll(async () => {
  suite = path.join(await mkdtemp(path.join(os.tmpdir(), 'asking-')), 'asking');
  await cp(path.join(root, 'src/pytest/testdata/asking'), suite, { recursive: true });

  const endpoint = await startEndpoint((_, response) =>
    sendJson(response, 200, { ...completion('blue'), model: 's' }),
  );
  const first = await run('record', undefined, { baseUrl: endpoint.baseUrl });
  recordings = first.recordingsDir;
  recorded = first.comparison;
  asked = endpoint.seen.length;
  replayed = (await run('replay', recordings, null)).comparison;
  await writeFile(path.join(suite, 'test_asking.py'), MORE);
  missed = (await run('replay', recordings, null)).comparison;
}, 600_000);
afterAll(async () => {
  await endAll();
  await rm(path.dirname(suite), { recursive: true, force: true });
});

async function run(
  mode: GatewayMode,
  recordingsDir: string | undefined,
  upstream: { baseUrl: string } | null,
) {
  const opened = await startGateway({ mode, upstream, ...(recordingsDir ? { recordingsDir } : {}) });
  const { gateway } = opened;
  const pair = await startSuitePair(
    { root, suite, environments: ['2.6.27', '3.0.1'] },
    { client: new GatewayClient(gateway), baseUrl: gateway.baseUrl },
  );
  return { comparison: await pair.finish(), recordingsDir: opened.recordingsDir };
}

test('LM calls of both versions are recorded; what one test was answered does not answer another', async () => {
  expect(recorded.summary).toMatchObject({ tests: 2, same: 2, failing: 0 });
  expect(asked).toBe(4);
  const { exchanges } = await readJson(recordings, 'pytest/asking/dspy-3.0.1.json');
  expect(exchanges.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
});

test('they are replayed without the endpoint', () => {
  expect(replayed.summary).toMatchObject({ tests: 2, same: 2, failing: 0 });
});

test('a call that no recording answers is the cause of the failure', () => {
  expect(missed.rows.map(({ candidate }) => [candidate?.outcome, candidate?.code])).toEqual([
    ['failed', 'CX-GATEWAY-MISS'],
  ]);
});

const MORE = `import dspy


def test_asks_something_else():
    assert dspy.LM("openai/stub", num_retries=0)("Which colour has grass?") == ["green"]
`;
