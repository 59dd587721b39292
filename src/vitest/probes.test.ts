import { expect, test } from 'vitest';
import { runProject } from './test-support.ts';

const OTHER = `import assert from 'node:assert';
import { test } from 'vitest';

test('calls what cannot be seen', () => { assert(true); });
`;

const ARTICLE = `id: I
title: Everything
why: Because.
severity: warn
checks:
  - uses: must-assert
  - uses: no-console
    with: { levels: [warn, error] }
  - uses: no-real-network
  - uses: no-env-leak
  - uses: no-global-leak
  - uses: no-open-handles
  - uses: no-writes-outside
    with: { allow: ["allowed/**", "!allowed/not.txt"] }
  - uses: protected-files-untouched
    with: { files: ["kept.lock"] }
  - uses: max-heap-growth
    with: { mib: 8 }
  - uses: no-secrets-in-output
`;

/**
 * Every test is named by what it breaks. In the vm pools, functions of `fs` and `timers` that are imported by name are
 * out of sight ("named"): vitest has fixed the exports of these modules before.
 */
const SUITE = `import fs from 'node:fs';
import timers from 'node:timers';
import nodeAssert, { equal } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { lookup } from 'node:dns';
import http, { createServer } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { setTimeout as fromModule } from 'node:timers';
import { promisify } from 'node:util';
import os from 'node:os';
import path from 'node:path';
import { afterAll, assert, beforeAll, describe, expect, test, vi } from 'vitest';

const cleanUps = [];
afterAll(() => Promise.all(cleanUps.map((cleanUp) => cleanUp())));
const root = process.env.PROJECT_ROOT;
const ok = () => expect(1).toBe(1);
const unreachable = { host: '192.0.2.1', port: 4444 };
const quietly = (socket) => { socket.on('error', () => {}); socket.destroy(); };

describe('assertions', () => {
  test('CX-NO-ASSERTION', () => {});
  test('', () => nodeAssert.equal(1, 1));
  test('', () => equal(1, 1));
  test('', () => assert.equal(1, 1));
  test('', ({ expect }) => { expect(1).toBe(1); });
  test('', async () => { await expect(Promise.resolve(1)).resolves.toBe(1); });
  test.fails('', () => { throw new Error('as expected'); });
});

describe('console', () => {
  test('CX-CONSOLE', () => { ok(); console.warn('deprecated'); });
  test('', () => { ok(); console.log('a level that may'); });
  test('', () => { ok(); const spy = vi.spyOn(console, 'warn').mockImplementation(() => {}); console.warn('for a spy'); spy.mockRestore(); });
  test('CX-SECRET-SHOWN', () => { ok(); console.log('sk-' + 'a1'.repeat(12)); });
  test('CX-SECRET-SHOWN', () => { ok(); console.log(process.env.MY_SECRET_TOKEN); });
});

describe('network', () => {
  test('CX-NETWORK', () => { ok(); quietly(net.connect(unreachable)); });
  test('CX-NETWORK', () => { ok(); quietly(net.connect(4444, '192.0.2.1')); });
  test('CX-NETWORK', () => { ok(); quietly(http.get({ ...unreachable, path: '/a' })); });
  test('CX-NETWORK', () => { ok(); quietly(https.get('https://192.0.2.1:4444/a')); });
  test('CX-NETWORK', async () => { ok(); await fetch('http://192.0.2.1:4444/', { signal: AbortSignal.timeout(50) }).catch(() => {}); });
  test('CX-NETWORK', async () => { ok(); await new Promise((resolve) => lookup('name.invalid', () => resolve())); });
  test('', async () => {
    const server = createServer((_, response) => response.end('here'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    expect(await (await fetch('http://localhost:' + port + '/', { headers: { connection: 'close' } })).text()).toBe('here');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('leaks', () => {
  test('CX-ENV-LEAK', () => { ok(); process.env.LEFT = '1'; });
  test('CX-ENV-LEAK', () => { ok(); delete process.env.LEFT; });
  test('', () => { ok(); process.env.TIDY = '1'; delete process.env.TIDY; });
  test('CX-GLOBAL-LEAK', () => { ok(); globalThis.left = 1; });
  test('CX-GLOBAL-LEAK', () => { ok(); globalThis.left = 2; });
  test('CX-GLOBAL-LEAK', () => { ok(); delete globalThis.left; });
  test('', () => { ok(); vi.stubGlobal('tidy', 1); vi.unstubAllGlobals(); });
});

describe('handles', () => {
  const server = createServer((_, response) => response.end('here'));
  const agent = new http.Agent({ keepAlive: true });
  beforeAll(() => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
  cleanUps.push(() => { agent.destroy(); server.close(); });
  const to = () => ({ host: '127.0.0.1', port: server.address().port });
  test('', async () => { ok(); await (await fetch('http://127.0.0.1:' + to().port)).text(); });
  test('', () => { ok(); return new Promise((resolve) => http.get({ ...to(), agent }, (response) => response.resume().on('end', resolve))); });
  test('CX-OPEN-HANDLES', async () => {
    ok();
    const socket = net.connect(to());
    await new Promise((resolve) => socket.on('connect', resolve));
    cleanUps.unshift(() => socket.destroy());
  });
  test('CX-OPEN-HANDLES', () => { ok(); const timer = setInterval(() => {}, 1e6); cleanUps.push(() => clearInterval(timer)); });
  test('CX-OPEN-HANDLES', () => { ok(); const timer = timers.setTimeout(() => {}, 1e6); cleanUps.push(() => clearTimeout(timer)); });
  test('named CX-OPEN-HANDLES', () => { ok(); const timer = fromModule(() => {}, 1e6); cleanUps.push(() => clearTimeout(timer)); });
  test('CX-OPEN-HANDLES', async () => {
    ok();
    const server = net.createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => server.close());
  });
  test('', () => { ok(); clearTimeout(setTimeout(() => {}, 1e6)); });
  test('', () => { ok(); clearTimeout(Number(setTimeout(() => {}, 1e6))); });
  test('', () => { ok(); setTimeout(() => {}, 1e6).unref(); });
  test('', async () => { ok(); await promisify(setTimeout)(1); });
  test('', async () => { ok(); await new Promise((resolve) => setImmediate(resolve)); });
  test('', () => { ok(); vi.useFakeTimers(); setInterval(() => {}, 1e6); vi.useRealTimers(); });
  test('', async () => { ok(); const file = await open('/etc/passwd'); cleanUps.push(() => file.close()); });
  test('FILE', async () => { ok(); const file = await open(path.join(os.tmpdir(), 'cx-left-open'), 'w'); cleanUps.push(() => file.close()); });
});

describe('writes', () => {
  test('CX-WRITE-OUTSIDE', () => { ok(); fs.writeFileSync(path.join(root, 'stray.txt'), '0'); });
  test('named CX-WRITE-OUTSIDE', () => { ok(); writeFileSync(path.join(root, 'stray.txt'), '1'); });
  test('CX-WRITE-OUTSIDE', async () => { ok(); await writeFile(path.join(root, 'stray.txt'), '2'); });
  test('CX-WRITE-OUTSIDE,CX-PROTECTED-FILE', () => { ok(); fs.writeFileSync(path.join(root, 'kept.lock'), '1'); });
  test('', async () => {
    ok();
    await mkdir(path.join(root, 'allowed/deep'), { recursive: true });
    await writeFile(path.join(root, 'allowed/deep/file.txt'), '1');
    writeFileSync(path.join(os.tmpdir(), 'cx-probe'), readFileSync(path.join(root, 'kept.lock')));
  });
  test('CX-WRITE-OUTSIDE', async () => { ok(); await writeFile(path.join(root, 'allowed/not.txt'), '1'); });
});

describe('heap', () => {
  test('CX-HEAP-GROWTH', () => { ok(); globalThis.process.kept = Array.from({ length: 3e6 }, (_, n) => ({ n })); });
  test('', () => { ok(); Array.from({ length: 3e6 }, (_, n) => ({ n })); delete globalThis.process.kept; });
});
`;

test.each(['forks', 'threads', 'vmThreads', 'vmForks'] as const)(
  'what each probe sees in pool %s',
  async (pool) => {
    process.env['MY_SECRET_TOKEN'] = 'correct horse battery';
    try {
      const run = await runProject(
        { 'constitution/i.yaml': ARTICLE, 'a.test.ts': SUITE, 'b.test.ts': OTHER, 'kept.lock': '0' },
        { test: { pool }, rootVariable: 'PROJECT_ROOT' },
      );
      const found = run.tests.map(({ test, state, meta }) => {
        const codes = (meta?.findings ?? []).map(({ code }) => code);
        return {
          test: test.name,
          state,
          codes: codes.filter((code) => code !== 'CX-HEAP-GROWTH' || /heap/.test(test.name)),
        };
      });
      const files = pool.endsWith('orks') ? ['CX-OPEN-HANDLES'] : [];
      const expected = run.tests.map(({ test }) => {
        const [, named, codes = ''] = / > (named )?(.*)$/.exec(test.name) ?? [];
        const wanted = named && pool.startsWith('vm') ? [] : codes.split(',').filter(Boolean);
        return { test: test.name, state: 'passed', codes: wanted[0] === 'FILE' ? files : wanted };
      });
      expect(found).toEqual(expected);
      // The file was changed by the test, and is not as it was: both parts of the check say so.
      const touched = run.constitution.findings.filter(({ code }) => code === 'CX-PROTECTED-FILE');
      expect(touched.map(({ test }) => test === null)).toEqual([false, true]);
    } finally {
      delete process.env['MY_SECRET_TOKEN'];
    }
  },
);
