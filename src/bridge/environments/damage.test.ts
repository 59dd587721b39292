import {
  appendFile,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import glob from 'fast-glob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { environmentStatus, locateEnvironment } from './locate.ts';
import { makeManifest } from './manifest.ts';
import { environmentPaths, sitePackagesFolder } from './paths.ts';
import { readStamp, type Stamp, writeStamp } from './stamp.ts';
import { repairEnvironment, type SyncOptions, syncEnvironments } from './sync.ts';
import { machineTools, makeStubProject, type StubProject } from './test-support.ts';

let project: StubProject;
let stub: EnvironmentDeclaration;
let packages: string;
const sync = (options: SyncOptions = {}) =>
  syncEnvironments(project.root, [stub], { caller: project.caller, ...options });
const state = async () => (await environmentStatus(project.root, stub.name)).state;
const paths = () => environmentPaths(project.root, stub.name);

beforeAll(async () => {
  project = await makeStubProject();
  stub = await project.declare('9.8.1');
  packages = sitePackagesFolder(paths(), (await machineTools()).interpreter.version);
});
afterAll(() => project.remove());

describe('damage is detected, refused and mended', () => {
  const module = () => path.join(packages, 'dspy', 'predict.py');
  const cases: [string, string, string, () => Promise<unknown>][] = [
    ['a deleted file', 'damaged', 'CX-ENV-DAMAGED', () => unlink(module())],
    ['a deleted folder', 'damaged', 'CX-ENV-DAMAGED', () => rm(path.dirname(module()), { recursive: true })],
    ['a changed file', 'damaged', 'CX-ENV-DAMAGED', () => appendFile(module(), '# edited\n')],
    ['a file changed at equal size', 'damaged', 'CX-ENV-DAMAGED', () => writeFile(module(), 'ANSWER = 41\n')],
    ['an added file', 'damaged', 'CX-ENV-DAMAGED', () => writeFile(path.join(packages, 'x.pth'), '/\n')],
    [
      'an interpreter that is gone',
      'damaged',
      'CX-ENV-DAMAGED',
      async () => {
        await unlink(paths().python);
        await symlink('/no/python', paths().python);
      },
    ],
    ['a missing stamp', 'half-made', 'CX-ENV-DAMAGED', () => unlink(paths().stamp)],
    ['a torn stamp', 'half-made', 'CX-ENV-DAMAGED', () => truncate(paths().stamp, 100)],
    ['another lock', 'outdated', 'CX-ENV-MISSING', () => appendFile(paths().lock, '# newer\n')],
  ];

  it.each(cases)('%s is %s', async (_name, expected, code, harm) => {
    await sync();
    await harm();
    expect(await state()).toBe(expected);
    await expect(locateEnvironment(project.root, stub.name)).rejects.toMatchObject({ code });
    expect((await sync()).installed).toEqual([stub.name]);
    expect(await state()).toBe('ready');
    expect(await readFile(module(), 'utf8')).toBe('ANSWER = 42\n');
  });

  it('an interpreter whose link is as it was, but leads nowhere, is damage', async () => {
    await sync();
    const stamp = await readStamp(paths().stamp);
    await unlink(paths().python);
    await symlink('/no/python', paths().python);
    const files = makeManifest(paths().folder, [path.basename(paths().stamp)]);
    await writeStamp(paths().stamp, { ...(stamp as Stamp), files });
    expect(await state()).toBe('damaged');
    await sync();
    expect(await state()).toBe('ready');
  });

  it('through a link, an environment is where the link leads: Python keeps bytecode by path', async () => {
    await sync();
    const linked = path.join(project.root, 'linked');
    await mkdir(path.join(linked, '.constitution'), { recursive: true });
    for (const name of ['environments', '.constitution/envs'])
      await symlink(path.join(project.root, name), path.join(linked, name));
    const { python, sitePackages } = await locateEnvironment(project.root, stub.name);
    expect(await locateEnvironment(linked, stub.name)).toMatchObject({ python, sitePackages });
  });

  it('a file whose time alone differs is no damage: archives restore files so', async () => {
    await sync();
    await utimes(module(), 1, 1);
    expect(await state()).toBe('ready');
  });

  it('a damaged cache of uv does not reach an environment', async () => {
    await sync();
    const cached = await findCached(project.caller['UV_CACHE_DIR'] ?? '', 'predict.py');
    await writeFile(cached, 'ANSWER = 13\n');
    await unlink(paths().stamp);
    const steps: string[] = [];
    await sync({ onProgress: ({ message }) => steps.push(message) });
    expect(steps).toContain('the cache of uv is damaged; installing without it');
    expect(await readFile(module(), 'utf8')).toBe('ANSWER = 42\n');
    await rm(project.caller['UV_CACHE_DIR'] ?? '', { recursive: true });
  });

  it('repair renews a sound environment and drops its caches', async () => {
    await sync();
    const leftover = path.join(paths().cache, 'dspy', 'leftover');
    await writeFile(leftover, '');
    const before = (await readStamp(paths().stamp))?.createdAt;
    await repairEnvironment(project.root, stub, { caller: project.caller });
    expect((await readStamp(paths().stamp))?.createdAt).not.toBe(before);
    await expect(stat(leftover)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

async function findCached(folder: string, name: string): Promise<string> {
  const [found] = await glob(`**/${name}`, { cwd: folder, absolute: true, dot: true });
  return found ?? '';
}
