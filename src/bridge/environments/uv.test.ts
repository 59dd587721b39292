import { once } from 'node:events';
import { access, chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/json.ts';
import { FETCH_WHEEL } from './fetch-wheel.ts';
import { runCommand } from './run-command.ts';
import { machineTools } from './test-support.ts';
import { fetchWithPip, fetchWithStandardLibrary, findUv } from './uv.ts';
import { UV_SHA256, UV_VERSION } from './uv-release.ts';

let folder: string;
let python: string;
let server: Server;
let index: string;
let wheel: Buffer;

const MAKE = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("uv-1.0.data/scripts/uv", "#!/bin/sh\\necho uv 9.9.9\\n")
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'constitution-uv-'));
  python = (await machineTools()).interpreter.executable;
  await execa(python, ['-c', MAKE, path.join(folder, 'wheel')]);
  wheel = await readFile(path.join(folder, 'wheel'));
  const tags = [
    'manylinux_2_17_x86_64.manylinux2014_x86_64',
    'musllinux_1_1_x86_64',
    'manylinux_2_28_aarch64',
    'musllinux_1_1_aarch64',
    'macosx_11_0_arm64',
    'macosx_10_12_x86_64',
  ];
  // The pinned release is offered too, with other content than it was published with.
  const names = tags.flatMap((tag) =>
    ['1.0', UV_VERSION].map((version) => `uv-${version}-py3-none-${tag}.whl`),
  );
  server = createServer((request, response) => {
    if (request.url?.endsWith('.whl')) response.end(wheel);
    else response.end(names.map((name) => `<a href="../../files/${name}#sha256=0">${name}</a>`).join('\n'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env['PATH'] ?? '', NO_PROXY: '127.0.0.1', UV_DEFAULT_INDEX: index });

describe('fetching a wheel by the standard library', () => {
  const fetch = (target: string, hashes: string[]) =>
    runCommand(python, ['-I', '-c', FETCH_WHEEL], {
      env: env(),
      input: JSON.stringify({ index, name: 'uv', version: '1.0', sha256: hashes, program: 'uv', target }),
      failure: { code: 'CX-ENV-INSTALL', message: 'not fetched' },
    });

  it('writes the program of this platform, executable', async () => {
    const target = path.join(folder, 'new', 'bin', 'uv');
    await fetch(target, [sha256(wheel)]);
    expect((await execa(target)).stdout).toBe('uv 9.9.9');
    expect((await stat(target)).mode & 0o777).toBe(0o755);
  });

  it('refuses another hash and writes nothing', async () => {
    const target = path.join(folder, 'refused', 'uv');
    await expect(fetch(target, ['0'.repeat(64)])).rejects.toMatchObject({
      code: 'CX-ENV-INSTALL',
      details: { stderr: expect.stringContaining(sha256(wheel)) },
    });
    await expect(access(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the pinned release', () => {
  it.each([
    ['the standard library', fetchWithStandardLibrary],
    ['pip', fetchWithPip],
  ])('is refused by %s where its content is another one', async (name, fetch) => {
    const target = path.join(folder, name);
    const variables = { ...env(), PIP_INDEX_URL: index, PIP_CONFIG_FILE: '/dev/null', PIP_NO_CACHE_DIR: '1' };
    await expect(fetch(target, { root: folder, python, env: variables })).rejects.toMatchObject({
      code: 'CX-ENV-INSTALL',
    });
    await expect(access(path.join(target, 'bin', 'uv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is pinned by SHA-256', () => {
    expect(UV_SHA256.length).toBeGreaterThan(10);
    for (const hash of UV_SHA256) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('findUv', () => {
  const uvOf = async (name: string, version: string) => {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\necho uv ${version}\n`);
    await chmod(file, 0o755);
    return file;
  };
  const find = (variables: Record<string, string>) =>
    findUv({ root: folder, python, env: { ...env(), ...variables } });

  it('uses the named one, none with "off", and refuses an old one', async () => {
    const command = await uvOf('named', '1.2.3');
    expect(await find({ CONSTITUTION_UV: command })).toEqual({ command, version: '1.2.3' });
    expect(await find({ CONSTITUTION_UV: 'off' })).toBeNull();
    await expect(find({ CONSTITUTION_UV: await uvOf('old', '0.1.0') })).rejects.toMatchObject({
      code: 'CX-ENV-INSTALL',
    });
  });

  it('gives none where none can be fetched', async () => {
    const variables = { PATH: '/nonexistent', PIP_NO_INDEX: '1', UV_DEFAULT_INDEX: `${index}/absent` };
    expect(await find({ ...variables, PIP_CONFIG_FILE: '/dev/null' })).toBeNull();
  });
});
