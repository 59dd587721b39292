import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import type { BugProof } from '../core/bug-proof.ts';
import { exchangeKey, type LmExchange } from '../core/lm-exchange.ts';
import { writeRecording } from '../gateway/recording-file.ts';
import { copyGateProject } from '../vitest/gate/gate-project.ts';
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

const hidden = (...tests: [call: string, expected: string][]) =>
  tests
    .map(([call, expected]) => `- call: ${JSON.stringify(call)}\n  expect: ${JSON.stringify(expected)}\n`)
    .join('');

/** A sound bug's hidden tests with one more in their midst. */
const withTest = (call: string, expected: string) => (text: string) =>
  text.replace('- call:', `${hidden([call, expected])}- call:`);

/** Row by row: folder, file that is wrong, how, code of the finding, where, what it says. */
const hostile: [
  id: string,
  file: string,
  change: (text: string) => string | null,
  code: string,
  place: string,
  message: RegExp,
][] = [
  ['no-fix', 'fixed.py', () => null, 'CX-CONFIG-MISSING', 'fixed.py', /cannot be read/],
  ['no-tests', 'hidden_tests.yaml', () => null, 'CX-CONFIG-MISSING', 'hidden_tests.yaml', /cannot be read/],
  [
    'unknown-key',
    'bug.yaml',
    (text) => `${text}tags: [a]\n`,
    'CX-CONFIG-INVALID',
    'bug.yaml',
    /unknown key "tags"/,
  ],
  [
    'passes-on-bug',
    'hidden_tests.yaml',
    () => hidden(...[1, 2, 3, 4, 5].map((n): [string, string] => [`countdown(-${n})`, '[]'])),
    'CX-BUG-PASSES',
    'hidden_tests.yaml',
    /^0 hidden tests fail on buggy.py, at least 5 must; passing: countdown\(-1\)/,
  ],
  [
    'wrong-fix',
    'fixed.py',
    (text) => text.replace('0, -1', '-1, -1'),
    'CX-BUG-FIX',
    'hidden_tests.yaml',
    /^countdown\(1\) on fixed.py is \[1, 0\], expected \[1\]$/,
  ],
  ['fix-no-python', 'fixed.py', (text) => `${text}\n)\n`, 'CX-BUG-FIX', 'hidden_tests.yaml', /SyntaxError/],
  [
    'example-right',
    'bug.yaml',
    (text) => text.replace('countdown(3)', 'countdown(-3)').replace('[3, 2, 1]', '[]'),
    'CX-BUG-EXAMPLES',
    'bug.yaml',
    /every visible example passes/,
  ],
  [
    'overlapping',
    'hidden_tests.yaml',
    withTest('countdown( 3 )', '[3, 2, 1]'),
    'CX-BUG-OVERLAP',
    'hidden_tests.yaml',
    /countdown\( 3 \) is hidden, but also among the visible examples/,
  ],
  [
    'in-docstring',
    'buggy.py',
    (text) => text.replace('"""Return', '"""countdown(2) is [2, 1]. Return'),
    'CX-BUG-OVERLAP',
    'hidden_tests.yaml',
    /countdown\(2\) is hidden, but also in the text of buggy.py/,
  ],
  [
    'no-literal',
    'hidden_tests.yaml',
    withTest('countdown(9)', '[9,'),
    'CX-CONFIG-INVALID',
    'hidden_tests.yaml',
    /\[9, is no Python literal/,
  ],
  [
    // Alone, the examples see a fresh interpreter; later they share one with the hidden tests.
    'unstable',
    'fixed.py',
    (text) =>
      `import math\nmath.seen = getattr(math, 'seen', 0) + 1\n${text.replace('start, 0', 'start, math.seen - 1')}`,
    'CX-BUG-UNSTABLE',
    'bug.yaml',
    /only in 4 of 5 runs/,
  ],
  [
    'hangs',
    'hidden_tests.yaml',
    withTest('[1 for _ in iter(int, 1) if False]', '[]'),
    'CX-BUG-TIMEOUT',
    'hidden_tests.yaml',
    /on fixed.py does not end within 2 s/,
  ],
  [
    'hangs-at-once',
    'fixed.py',
    (text) => `import time\n${text}\ntime.sleep(600)\n`,
    'CX-BUG-TIMEOUT',
    'hidden_tests.yaml',
    /does not end within 2 s/,
  ],
  [
    'forks',
    'hidden_tests.yaml',
    withTest("__import__('os').fork()", '0'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /PermissionError/,
  ],
  [
    'fork-bomb',
    'fixed.py',
    (text) => `import os\n${text}\nwhile True: os.fork()\n`,
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /PermissionError/,
  ],
  [
    'fills-the-disk',
    'hidden_tests.yaml',
    withTest("[open(str(n), 'wb').write(bytes(1 << 20)) for n in range(64)][-1]", '1048576'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /OSError: \[Errno 28\]/,
  ],
  [
    'reads-passwd',
    'hidden_tests.yaml',
    withTest("open('/etc/passwd').read(4)", "'root'"),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /FileNotFoundError/,
  ],
  [
    'reads-environment',
    'hidden_tests.yaml',
    withTest("__import__('os').environ['PATH']", "'/bin'"),
    'CX-BUG-FIX',
    'hidden_tests.yaml',
    /KeyError: 'PATH'/,
  ],
  [
    'prints-a-gigabyte',
    'hidden_tests.yaml',
    withTest("[print('x' * (1 << 20)) for _ in range(1 << 10)][-1]", 'None'),
    'CX-BUG-LIMIT',
    'hidden_tests.yaml',
    /prints more than the sandbox takes/,
  ],
  [
    'leaves',
    'hidden_tests.yaml',
    withTest("__import__('os')._exit(0)", 'None'),
    'CX-BUG-LIMIT',
    'hidden_tests.yaml',
    /ends its process/,
  ],
  [
    'eats-memory',
    'hidden_tests.yaml',
    withTest('len(bytearray(1 << 30))', '1073741824'),
    'CX-BUG-REFUSED',
    'hidden_tests.yaml',
    /MemoryError/,
  ],
];

const planner: [id: string, file: string, change: (text: string) => string, code: string][] = [
  ['wrong-plan', 'fixed.yaml', (text) => text.replace('dig, plant', 'plant, dig'), 'CX-BUG-FIX'],
  ['right-already', 'buggy.yaml', () => 'plan: [dig, plant, water]\n', 'CX-BUG-PASSES'],
  [
    'listed',
    'bug.yaml',
    (text) => text.replace(/tasks: .*/, 'tasks: [dig, plant, water]'),
    'CX-BUG-EXAMPLES',
  ],
];

/** Recordings of `coder/countdown` and how their one request asks for it. */
const prompts: [name: string, prompt: string][] = [
  ['innocent', 'def countdown(start):\n    """Return the list start, start - 1, ..., 1."""\n    ???'],
  ['fix', 'def countdown(start):\n    return list(range(start,  0, -1))'],
  ['hidden', 'It must hold that countdown( 5 ) == [5, 4, 3, 2, 1].'],
];

const server = net.createServer();
let connections = 0;

beforeAll(async () => {
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  project = await copyGateProject(SOUND);
  for (const [id, file, change] of hostile) await bug(id, file, change);
  for (const [id, file, change] of planner) await bug(id, file, change, 'planner/garden');
  const connect = `__import__('socket').create_connection(('127.0.0.1', ${port}), 1)`;
  await bug('opens-a-socket', 'hidden_tests.yaml', withTest(connect, 'None'));
  for (const [name, prompt] of prompts) await record(name, prompt);
  const found = await verifyBugs({
    root: project.root,
    signal: new AbortController().signal,
    note: (line) => notes.push(line),
  });
  rows = new Map(found.map((row) => [row.bug, row]));
}, 600_000);
afterAll(async () => {
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
  expect(rows.size).toBe(SOUND.length + hostile.length + planner.length + 1);
});

test.each(hostile)('%s: one clear finding', (id, _file, _change, code, place, message) => {
  const { proven, findings, detail } = row(`coder/${id}`);
  const finding = findings.find((found) => found.code === code);
  expect([proven, findings.map((found) => found.code)]).toEqual([false, expect.arrayContaining([code])]);
  expect(finding?.message).toMatch(message);
  expect(finding?.place?.file).toBe(`seeded-bugs/coder/${id}/${place}`);
  expect(detail).toContain(finding?.message.slice(0, 50));
});

test.each(planner)('planner, %s', (id, _file, _change, code) => {
  expect(row(`planner/${id}`).findings.map((found) => found.code)).toContain(code);
});

test('a finding has the line of its test', () => {
  expect(row('coder/forks').findings).toMatchObject([
    { code: 'CX-BUG-REFUSED', place: { line: 1 }, hint: expect.stringContaining('no processes') },
  ]);
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

describe('a folder elsewhere', () => {
  test('is proven by name, and its prompts are not those of the project', async () => {
    const folder = path.join(project.root, 'elsewhere');
    await cp(path.join(packageRoot(), 'seeded-bugs', MODEL), path.join(folder, MODEL), { recursive: true });
    const options = { root: project.root, folder, signal: new AbortController().signal, note: () => {} };
    expect(await verifyBugs(options)).toMatchObject([
      { bug: MODEL, proven: true, prompts: { recordings: 0, requests: 0 } },
    ]);
    await expect(verifyBugs({ ...options, ids: ['countdwon'] })).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
    });
  });
});
