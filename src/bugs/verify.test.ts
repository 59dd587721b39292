import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import type { BugProof } from '../core/bug-proof.ts';
import { exchangeKey, type LmExchange } from '../core/lm-exchange.ts';
import { writeRecording } from '../gateway/recording-file.ts';
import { copyGateProject } from '../vitest/gate/gate-project.ts';
import { hidden, hostile, withTest } from './testdata/hostile.ts';
import { planner, stated, stating } from './testdata/planner-bugs.ts';
import { allowed, FEW } from './testdata/sound.ts';
import { verifyBugs } from './verify.ts';

const MODEL = 'coder/countdown';
const SOUND = [MODEL, 'coder/lookup-price', 'planner/garden'];

let project: Awaited<ReturnType<typeof copyGateProject>>;
let rows: ReadonlyMap<string, BugProof>;
const notes: string[] = [];

/** Makes a bug that is like a sound one but for one file. */
async function bug(
  id: string,
  file: string,
  change: (text: string) => string | null,
  like = MODEL,
): Promise<void> {
  const folder = path.join(project.root, 'seeded-bugs', path.dirname(like), id);
  await cp(path.join(packageRoot(), 'seeded-bugs', like), folder, { recursive: true });
  const before = await readFile(path.join(folder, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  if (after === null) await rm(path.join(folder, file));
  else await writeFile(path.join(folder, file), after);
}

/** Recordings of `coder/countdown` and how their one request asks for it. */
const prompts: [name: string, prompt: string][] = [
  ['innocent', 'def countdown(start):\n    """Return the list start, start - 1, ..., 1."""\n    ???'],
  ['fix', 'def countdown(start):\n    return list(range(start,  0, -1))'],
  ['hidden', 'It must hold that countdown( 5 ) == [5, 4, 3, 2, 1].'],
];

/** Folder for temporary files of the run, and what was in it meanwhile. */
let temporary: string;
const used = new Set<string>();

const server = net.createServer();
let connections = 0;

beforeAll(async () => {
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  project = await copyGateProject(SOUND);
  for (const [id, file, change] of hostile) await bug(id, file, change);
  for (const [id, file, change] of allowed) await bug(id, file, change);
  await writeFile(path.join(project.root, 'seeded-bugs/coder/few-tests/hidden_tests.yaml'), hidden(...FEW));
  await bug('too-few-tests', 'hidden_tests.yaml', () => hidden(...FEW));
  await bug(
    'not-near',
    'hidden_tests.yaml',
    (text) => `${text}- call: sum(countdown(3)) / 7\n  expect: 0.857\n`,
  );
  await bug('broken-recording', 'bug.yaml', (text) =>
    text.replace('title: ', 'title: Once more: ').replace(': The', ' the'),
  );
  await mkdir(path.join(project.root, 'eval/recordings/coder/broken-recording'), { recursive: true });
  await writeFile(path.join(project.root, 'eval/recordings/coder/broken-recording/x@y.0.json'), '{}');
  for (const [id, file, change] of planner) await bug(id, file, change, 'planner/garden');
  for (const [id, rule] of stated) await bug(id, 'hidden_tests.yaml', stating(rule), 'planner/garden');
  const connect = `__import__('socket').create_connection(('127.0.0.1', ${port}), 1)`;
  await bug('opens-a-socket', 'hidden_tests.yaml', withTest(connect, 'None'));
  for (const [name, prompt] of prompts) await record(name, prompt);
  // A folder for temporary files that nobody else uses, so that what is left in it can be told.
  temporary = await mkdtemp(path.join(tmpdir(), 'hostile-'));
  vi.stubEnv('TMPDIR', temporary);
  const found = await verifyBugs({
    root: project.root,
    signal: new AbortController().signal,
    note: (line) => {
      notes.push(line);
      for (const name of readdirSync(temporary)) used.add(name);
    },
    // Nearly all of them are one bug with one thing changed.
    alikeAbove: 1,
  });
  vi.unstubAllEnvs();
  rows = new Map(found.map((row) => [row.bug, row]));
}, 600_000);
afterAll(async () => {
  await rm(temporary, { recursive: true });
  await project.remove();
  await new Promise((resolve) => server.close(resolve));
});

async function record(name: string, content: string): Promise<void> {
  const request = { model: 'm', messages: [{ role: 'user', content }] };
  const route = '/v1/chat/completions';
  const exchange: LmExchange = {
    key: exchangeKey(route, request),
    ordinal: 0,
    path: route,
    request,
    response: { status: 200, headers: {}, body: null },
    tokens: null,
    startMs: 0,
    latencyMs: 1,
  };
  const folder = path.join(project.root, 'eval', 'recordings', MODEL);
  await mkdir(folder, { recursive: true });
  await writeRecording(path.join(folder, `${name}@dspy-3.0.1.0.json`), {
    format: 1,
    run: `${MODEL}/candidate/0`,
    repeat: 0,
    recordedAt: '2026-01-02T03:04:05.000Z',
    model: { id: 'm', sha256: null },
    environment: { name: 'dspy-3.0.1', dspy: '3.0.1', python: '3.11' },
    exchanges: [exchange],
  });
}

const row = (key: string): BugProof => {
  const found = rows.get(key);
  if (!found) throw new Error(`no row for ${key}`);
  return found;
};

test('sound bugs are proven, with figures', () => {
  expect(row('coder/lookup-price')).toMatchObject({
    proven: true,
    findings: [],
    counts: { runs: 5, failing: expect.any(Number), tests: expect.any(Number) },
    prompts: { recordings: 6 },
  });
  expect(row('coder/lookup-price').counts['failing']).toBeGreaterThanOrEqual(5);
  expect(row('planner/garden')).toMatchObject({ proven: true, findings: [] });
});

test('rows are in order of role and id, and a wrong folder hides no other', () => {
  expect([...rows.keys()]).toEqual([...rows.keys()].sort());
  expect(rows.size).toBe(SOUND.length + hostile.length + allowed.length + planner.length + stated.length + 4);
});

test.each(hostile)('%s: one clear finding', (id, _file, _change, code, place, message) => {
  const { proven, findings, detail } = row(`coder/${id}`);
  const finding = findings.find((found) => found.code === code);
  expect([proven, findings.map((found) => found.code)]).toEqual([false, expect.arrayContaining([code])]);
  expect(finding?.message).toMatch(message);
  expect(finding?.place?.file).toBe(`seeded-bugs/coder/${id}/${place}`);
  expect(detail).toContain(finding?.message.slice(0, 50));
});

test.each(allowed)('%s: proven', (id) => {
  expect(row(`coder/${id}`)).toMatchObject({ proven: true, findings: [] });
});

test('and not without what the key says', () => {
  expect(row('coder/too-few-tests').findings).toMatchObject([
    {
      code: 'CX-CONFIG-INVALID',
      message: 'the file: too few hidden tests, there are 3',
      hint: 'Expected at least 5.',
    },
  ]);
  expect(row('coder/not-near').findings).toMatchObject([{ code: 'CX-BUG-FIX' }]);
});

test('a recording that cannot be read is a finding: nobody has looked at its prompts', () => {
  expect(row('coder/broken-recording')).toMatchObject({
    proven: false,
    findings: [
      { code: 'CX-RECORDING-INVALID', place: { file: 'eval/recordings/coder/broken-recording/x@y.0.json' } },
    ],
  });
});

test.each(planner)('planner, %s', (id, _file, _change, code) => {
  expect(row(`planner/${id}`).findings.map((found) => found.code)).toContain(code);
});

test.each(stated)('planner, %s', (id) => {
  expect(row(`planner/${id}`)).toMatchObject({ proven: true, findings: [] });
});

test('a finding has the line of its test', () => {
  expect(row('coder/forks').findings).toMatchObject([
    { code: 'CX-BUG-REFUSED', place: { line: 1 }, hint: expect.stringContaining('no processes') },
  ]);
});

test('what was written for the time of a run is gone, whatever the programs did', () => {
  expect(used.size).toBeGreaterThan(0);
  expect(readdirSync(temporary, { recursive: true })).toEqual([]);
});

test('a socket reaches nobody', () => {
  expect(row('coder/opens-a-socket').findings).toMatchObject([{ code: 'CX-BUG-REFUSED' }]);
  expect(connections).toBe(0);
});

test('a prompt with the fix or a hidden test is found', () => {
  const { prompts: searched, findings } = row(MODEL);
  expect(searched.recordings).toBe(6 + prompts.length);
  expect(findings).toMatchObject([
    { code: 'CX-BUG-LEAK', place: { file: `eval/recordings/${MODEL}/fix@dspy-3.0.1.0.json` } },
    { code: 'CX-BUG-LEAK', place: { file: `eval/recordings/${MODEL}/hidden@dspy-3.0.1.0.json` } },
  ]);
});

test('nothing of it is left: no process, no file', async () => {
  await expect.poll(orphans).toEqual([]);
  for (const id of ['fills-the-disk', 'hangs', 'forks']) {
    expect((await readdir(path.join(project.root, 'seeded-bugs/coder', id))).sort()).toEqual([
      'bug.yaml',
      'buggy.py',
      'fixed.py',
      'hidden_tests.yaml',
    ]);
  }
});

/** Sandboxes that have lost whoever watches them. */
async function orphans(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const [command, stat] = await Promise.all([read('cmdline'), read('stat')]);
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    const ours = command.includes('constitution_worker.confinement') && command.includes(packageRoot());
    if (ours && parent === '1') found.push(pid);
  }
  return found;
}
