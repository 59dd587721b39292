import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { environmentStatus, locateEnvironment } from './locate.ts';
import { environmentPaths, sitePackagesFolder } from './paths.ts';
import { readStamp } from './stamp.ts';
import { cleanEnvironments, type SyncOptions, syncEnvironments } from './sync.ts';
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
  stub = await project.declare('9.9.1');
  packages = sitePackagesFolder(paths(), (await machineTools()).interpreter.version);
});
afterAll(() => project.remove());

describe('an environment', () => {
  it('is missing at first, with the cure', async () => {
    expect(await state()).toBe('missing');
    await expect(locateEnvironment(project.root, stub.name)).rejects.toMatchObject({
      code: 'CX-ENV-MISSING',
      hint: expect.stringContaining('env sync stub-9.9.1'),
    });
  });

  it('is made, located, and then left alone without Python or uv', async () => {
    expect(await sync()).toEqual({ ready: [], installed: [stub.name] });
    expect(await locateEnvironment(project.root, stub.name)).toMatchObject({
      name: stub.name,
      dspy: '9.9.1',
      python: paths().python,
      sitePackages: packages,
    });
    const nothing = { PATH: '', CONSTITUTION_PYTHON: '/no/python', CONSTITUTION_UV: '/no/uv' };
    expect(await sync({ caller: nothing })).toEqual({ ready: [stub.name], installed: [] });
  });

  it('holds what its lock names and nothing else', async () => {
    const stamp = await readStamp(paths().stamp);
    const folders = Object.keys(stamp?.files ?? {}).filter((folder) => folder.endsWith('.dist-info'));
    expect(folders.map((folder) => path.basename(folder))).toEqual(['dspy-9.9.1.dist-info']);
  });

  it('is unknown where nothing of that name is declared', async () => {
    await expect(locateEnvironment(project.root, 'stub-9.9.2')).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
      hint: 'Did you mean "stub-9.9.1"?',
    });
  });
});

describe('refusals leave nothing that looks ready', () => {
  it('a wheel with another hash', async () => {
    const tampered = await project.declare('9.9.3');
    const { lock } = environmentPaths(project.root, tampered.name);
    const text = await readFile(lock, 'utf8');
    await writeFile(lock, text.replace(/--hash=sha256:\w+/, `--hash=sha256:${'0'.repeat(64)}`));
    await expect(
      syncEnvironments(project.root, [tampered], { caller: project.caller }),
    ).rejects.toMatchObject({
      code: 'CX-ENV-INSTALL',
      details: { stderr: expect.stringContaining('0000') },
    });
    expect((await environmentStatus(project.root, tampered.name)).state).toBe('half-made');
  });

  it('one that cannot be made is told when the others are', async () => {
    const [torn, whole] = [await project.declare('9.8.1'), await project.declare('9.8.2')];
    await rm(path.join(project.wheels, `dspy-${torn.dspy}-py3-none-any.whl`));
    await expect(
      syncEnvironments(project.root, [torn, whole], { caller: project.caller }),
    ).rejects.toMatchObject({ code: 'CX-ENV-INSTALL', message: expect.stringContaining(torn.name) });
    expect((await environmentStatus(project.root, whole.name)).state).toBe('ready');
  });

  it('too little disk', async () => {
    const other = await project.declare('9.9.4');
    await expect(
      syncEnvironments(project.root, [other], { caller: project.caller, bytesEach: 2 ** 60 }),
    ).rejects.toMatchObject({ code: 'CX-ENV-DISK' });
    expect((await environmentStatus(project.root, other.name)).state).toBe('missing');
  });

  it('a lock of another declaration, and none', async () => {
    const edited = { ...stub, requirements: ['more==1.0'] };
    const absent = { ...stub, name: 'absent' };
    for (const declaration of [edited, absent]) {
      await expect(
        syncEnvironments(project.root, [declaration], { caller: project.caller }),
      ).rejects.toMatchObject({ code: 'CX-ENV-LOCK', hint: expect.stringContaining('env lock') });
    }
  });

  it('cancellation', async () => {
    const other = await project.declare('9.9.5');
    const cancel = new AbortController();
    await expect(
      syncEnvironments(project.root, [other], {
        caller: project.caller,
        signal: cancel.signal,
        onProgress: ({ message }) => message.startsWith('installing') && cancel.abort(),
      }),
    ).rejects.toMatchObject({ code: 'CX-RUN-CANCELLED' });
    expect((await environmentStatus(project.root, other.name)).state).not.toBe('ready');
  });
});

describe('without uv', () => {
  it('venv and pip make the same environment', async () => {
    const piped = await project.declare('9.9.6');
    const caller = { ...project.caller, CONSTITUTION_UV: 'off' };
    await syncEnvironments(project.root, [piped], { caller });
    const stamp = await readStamp(environmentPaths(project.root, piped.name).stamp);
    expect(stamp?.installer).toBe('pip');
    const installed = Object.keys(stamp?.files ?? {}).filter((folder) => folder.endsWith('.dist-info'));
    expect(installed.map((folder) => path.basename(folder))).toEqual(['dspy-9.9.6.dist-info']);
    expect(await locateEnvironment(project.root, piped.name)).toMatchObject({ dspy: '9.9.6' });
  });
});

describe('clean', () => {
  it('removes what is no longer declared, and everything where all is asked for', async () => {
    await sync();
    const gone = await project.declare('9.9.8');
    await syncEnvironments(project.root, [gone], { caller: project.caller });
    const removed = await cleanEnvironments(project.root, [stub], { caller: project.caller });
    expect(removed).toContain(gone.name);
    expect(removed).not.toContain(stub.name);
    expect(await state()).toBe('ready');
    await cleanEnvironments(project.root, [stub], { caller: project.caller, all: true });
    expect(await state()).toBe('missing');
  });
});
