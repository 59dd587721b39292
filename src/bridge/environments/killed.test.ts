import { once } from 'node:events';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { environmentStatus, locateEnvironment } from './locate.ts';
import { syncEnvironments } from './sync.ts';
import { bundleSyncDriver, makeStubProject, type StubProject } from './test-support.ts';

const WAITING = 'waiting for another process that changes environments';
let project: StubProject;
let driver: string;

beforeAll(async () => {
  project = await makeStubProject();
  driver = await bundleSyncDriver(path.join(project.root, 'driver'));
});
afterAll(() => project.remove());

/** Syncs in a process of its own. */
function start(declaration: EnvironmentDeclaration, caller: NodeJS.ProcessEnv = project.caller) {
  return execa(process.execPath, [driver, project.root, JSON.stringify([declaration])], {
    env: caller,
    extendEnv: false,
    reject: false,
  });
}

it('killed while DSPy is imported: half-made, guarded while the orphan lives, then made anew', async () => {
  const stub = await project.declare('9.7.1');
  await writeFile(project.hold, '');
  const killed = start(stub);
  await vi.waitFor(() => access(`${project.hold}.reached`), { timeout: 20_000 });
  killed.kill('SIGKILL');
  expect(await killed).toMatchObject({ signal: 'SIGKILL' });

  expect(await environmentStatus(project.root, stub.name)).toEqual({ state: 'half-made' });
  await expect(locateEnvironment(project.root, stub.name)).rejects.toMatchObject({ code: 'CX-ENV-DAMAGED' });

  // The import that was started goes on without its parent, and with it the lock.
  const messages: string[] = [];
  const second = syncEnvironments(project.root, [stub], {
    caller: project.caller,
    onProgress: ({ message }) => messages.push(message),
  });
  await vi.waitFor(() => expect(messages).toContain(WAITING), { timeout: 20_000 });
  await rm(project.hold);
  expect(await second).toEqual({ ready: [], installed: [stub.name] });
  expect(messages).toContain('half-made');
  expect(await locateEnvironment(project.root, stub.name)).toMatchObject({ dspy: '9.7.1' });
});

it('killed while packages are downloaded: half-made, then made anew', async () => {
  const stub = await project.declare('9.7.2');
  const wheel = 'dspy-9.7.2-py3-none-any.whl';
  const bytes = await readFile(path.join(project.wheels, wheel));
  const held: ServerResponse[] = [];
  let released = false;
  const index = createServer((request, response) => {
    if (!request.url?.endsWith(wheel)) {
      response.setHeader('content-type', 'text/html').end(`<a href="/files/${wheel}">${wheel}</a>`);
    } else if (released) response.end(bytes);
    else held.push(response);
  });
  await once(index.listen(0, '127.0.0.1'), 'listening');
  try {
    const address = `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple`;
    const { PIP_NO_INDEX: _index, PIP_FIND_LINKS: _links, ...caller } = project.caller;
    const online = { ...caller, PIP_INDEX_URL: address };

    const killed = start(stub, online);
    await vi.waitFor(() => expect(held).not.toHaveLength(0), { timeout: 20_000 });
    killed.kill('SIGKILL');
    await killed;
    expect(await environmentStatus(project.root, stub.name)).toEqual({ state: 'half-made' });

    released = true;
    for (const response of held) response.end(bytes);
    const again = await syncEnvironments(project.root, [stub], { caller: online });
    expect(again).toEqual({ ready: [], installed: [stub.name] });
    expect(await locateEnvironment(project.root, stub.name)).toMatchObject({ dspy: '9.7.2' });
  } finally {
    index.close();
    index.closeAllConnections();
  }
});

it('two processes at once: one installs, the other waits and finds it ready', async () => {
  const stub = await project.declare('9.7.3');
  await writeFile(project.hold, '');
  await rm(`${project.hold}.reached`, { force: true });
  const first = start(stub);
  await vi.waitFor(() => access(`${project.hold}.reached`), { timeout: 20_000 });
  const second = start(stub);
  let printed = '';
  second.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await vi.waitFor(() => expect(printed).toContain(WAITING), { timeout: 20_000 });
  await rm(project.hold);
  const results = await Promise.all([first, second]);
  expect(results.map((result) => result.exitCode)).toEqual([0, 0]);
  const installs = results.map((result) => /installing with/.test(result.stdout));
  expect(installs).toEqual([true, false]);
  expect(await locateEnvironment(project.root, stub.name)).toMatchObject({ dspy: '9.7.3' });
});
