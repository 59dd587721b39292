import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BugSecrets } from '../core/bug-secrets.ts';
import { exchangeKey } from '../core/lm-exchange.ts';
import { writeRecording } from '../gateway/recording-file.ts';
import { Prompts } from './prompts.ts';

const LINE = 'total = total + int(float(number))';
const secrets: BugSecrets = {
  entry: 'total',
  code: { buggy: 'def total(ns):\n    pass\n', fixed: `def total(ns):\n    ${LINE}\n` },
  hiddenCalls: [],
  plan: [],
  visible: [],
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'prompts-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A recording of a bug whose one request asks this. */
async function record(bug: string, pipeline: string, content: string, session = ''): Promise<void> {
  const request = { model: 'm', messages: [{ role: 'user', content }] };
  const folder = path.join(root, 'eval/recordings', session, 'coder', bug);
  await mkdir(folder, { recursive: true });
  await writeRecording(path.join(folder, `${pipeline}@env.0.json`), {
    format: 1,
    run: `coder/${bug}/candidate/0`,
    repeat: 0,
    recordedAt: '2026-01-02T03:04:05.000Z',
    model: { id: 'm', sha256: null },
    environment: { name: 'env', dspy: '3.0.1', python: '3.11' },
    exchanges: [
      {
        key: exchangeKey('/v1/chat/completions', request),
        ordinal: 0,
        path: '/v1/chat/completions',
        request,
        response: { status: 200, headers: {}, body: null },
        tokens: null,
        startMs: 0,
        latencyMs: 1,
      },
    ],
  });
}

test('a line of the fix is a leak, but not where the same pipeline shows it for every bug', async () => {
  await record('sum', 'leaking', `Hint: ${LINE}`);
  await record('sum', 'with-demo', `A worked example:\n${LINE}`);
  await record('other', 'leaking', 'Hint: none');
  await record('other', 'with-demo', `A worked example:\n${LINE}`);
  const search = await new Prompts(root).search('coder/sum', secrets);
  expect(search).toMatchObject({ recordings: 2, requests: 2 });
  expect(search.findings).toEqual([
    {
      code: 'CX-BUG-LEAK',
      message: 'request 1 holds the line of the fix total=total+int(float(number))',
      place: { file: 'eval/recordings/coder/sum/leaking@env.0.json' },
      hint: expect.stringContaining('record the bug again'),
    },
  ]);
});

test('the recordings of further sessions are searched as well', async () => {
  await record('twice', 'plain', 'Hint: none');
  await record('twice', 'plain', `Hint: ${LINE}`, 'session-2');
  const search = await new Prompts(root).search('coder/twice', secrets);
  expect(search).toMatchObject({ recordings: 2, requests: 2 });
  expect(search.findings.map(({ place }) => place)).toEqual([
    { file: 'eval/recordings/session-2/coder/twice/plain@env.0.json' },
  ]);
});

test('a bug that was never recorded has no prompts', async () => {
  expect(await new Prompts(root).search('coder/new', secrets)).toEqual({
    recordings: 0,
    requests: 0,
    findings: [],
  });
});
