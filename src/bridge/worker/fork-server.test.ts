import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ForkServer } from './fork-server.ts';
import { WorkerSession } from './session.ts';
import { Supervisor } from './supervisor.ts';
import { behaviour, locate, root, startForkServer, testdata, workerPath } from './test-support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fork-server-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const untilGone = (pids: readonly number[]) =>
  vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 50 });

describe('a running fork server', () => {
  test('kill -9 of the process that started it leaves no Python behind', async () => {
    const script = JSON.stringify(path.join(testdata, 'start-and-wait.ts'));
    const node = execa(
      process.execPath,
      ['-e', `import('vite').then((vite) => vite.runnerImport(${script}))`],
      {
        cwd: root,
        buffer: false,
        reject: false,
      },
    );
    const line = await new Promise<string>((resolve) =>
      node.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    const started = JSON.parse(line) as { server: number; child: number; socket: string };
    expect([started.server, started.child].every(isAlive)).toBe(true);
    node.kill('SIGKILL');
    await node;
    await untilGone([started.server, started.child]);
    expect(existsSync(path.dirname(started.socket))).toBe(false);
  });

  test('it keeps a free child while others are busy, gives surplus ones up, and takes all with it', async () => {
    const server = await startForkServer('dspy-3.0.1', { poolSize: 1, poolLimit: 3 });
    const supervisor = new Supervisor(server.socketPath);
    const states = async () => (await supervisor.children()).map(({ state }) => state).sort();
    expect(await states()).toEqual(['idle']);
    const sessions = [
      await WorkerSession.connect(server.socketPath),
      await WorkerSession.connect(server.socketPath),
    ];
    await vi.waitFor(async () => expect(await states()).toEqual(['busy', 'busy', 'idle']), {
      timeout: 10_000,
    });
    const third = await WorkerSession.connect(server.socketPath);
    const fourth = WorkerSession.connect(server.socketPath); // the limit is reached: it waits for a free child
    expect((await states()).length).toBe(3);
    third.close();
    expect((await fourth).identity.pid).toBe(third.identity.pid);
    for (const each of [...sessions, await fourth]) each.close();
    await vi.waitFor(async () => expect(await states()).toEqual(['idle']), { timeout: 10_000 });
    const left = [server.identity.pid, ...(await supervisor.children()).map(({ pid }) => pid)];
    await server.stop();
    await untilGone(left);
    expect(existsSync(path.dirname(server.socketPath))).toBe(false);
    await expect(WorkerSession.connect(server.socketPath)).rejects.toMatchObject({ code: 'CX-WORKER-DIED' });
  });

  test('isolation "run" gives every run a process of its own', async () => {
    const server = await startForkServer('dspy-3.0.1', { isolation: 'run' });
    const session = await WorkerSession.connect(server.socketPath);
    const processes = [];
    for (let run = 0; run < 3; run++) processes.push((await session.run(behaviour('process'))).output);
    session.close();
    await server.stop();
    expect(new Set(processes).size).toBe(3);
  });
});

describe('a start that fails', () => {
  const start = async (script: string, options = {}) => {
    const python = path.join(folder, `python-${Math.random()}`);
    await writeFile(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return ForkServer.start({
      environment: { name: 'test', python, processEnv: { PATH: '/usr/bin:/bin' } },
      workerPath,
      ...options,
    });
  };

  test('says what Python printed', async () => {
    await expect(start('echo "No module named dspy" >&2; exit 1')).rejects.toMatchObject({
      code: 'CX-WORKER-START',
      message: expect.stringContaining('No module named dspy'),
      details: { stderrTail: 'No module named dspy' },
    });
  });

  test('does not wait for ever', async () => {
    await expect(start('sleep 600', { startTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'CX-WORKER-START',
      message: expect.stringContaining('not ready within 200 ms'),
    });
  });

  test('can be cancelled', async () => {
    await expect(start('sleep 600', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CX-RUN-CANCELLED',
    });
  });

  test.each(['echo ready', `echo '{"protocol": 0}'`])('refuses another protocol: %s', async (script) => {
    await expect(start(`${script}; sleep 600`)).rejects.toMatchObject({ code: 'CX-WORKER-START' });
  });

  test('names an interpreter that does not exist', async () => {
    const environment = { name: 'test', python: path.join(folder, 'nothing'), processEnv: {} };
    await expect(ForkServer.start({ environment, workerPath })).rejects.toMatchObject({
      code: 'CX-WORKER-START',
      message: expect.stringContaining('ENOENT'),
    });
  });

  test('ends where a child cannot start, instead of forking for ever', async () => {
    const environment = await locate('dspy-3.0.1');
    const broken = path.join(folder, 'sitecustomize');
    await execa('mkdir', ['-p', broken]);
    await writeFile(
      path.join(broken, 'sitecustomize.py'),
      'import os\nos.register_at_fork(after_in_child=lambda: os._exit(3))\n',
    );
    const processEnv = { ...environment.processEnv, PYTHONPATH: broken };
    await expect(
      ForkServer.start({ environment: { ...environment, processEnv }, workerPath }),
    ).rejects.toMatchObject({
      code: 'CX-WORKER-START',
      message: expect.stringContaining('before it was ready'),
    });
  });
});
