import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentOfThisRun } from '../../vitest/python-of-this-run.ts';
import { WorkerSession } from './session.ts';
import { Supervisor } from './supervisor.ts';
import { behaviour, environmentNames } from './test-support.ts';

describe.each(environmentNames)('%s', (environment) => {
  let session: WorkerSession;
  let socketPath: string;
  let folder: string;

  beforeAll(async () => {
    ({ socketPath } = await environmentOfThisRun(environment));
    session = await WorkerSession.connect(socketPath);
    folder = await mkdtemp(path.join(os.tmpdir(), 'session-test-'));
  });
  afterAll(async () => {
    session.close();
    await rm(folder, { recursive: true });
  });

  const runs = (entry: string, params = {}) => session.run(behaviour(entry, params));

  test.each([
    ['ValueError', 'raise', 'a wrong value'],
    ['SystemExit', 'sys.exit', 'enough'],
    ['KeyboardInterrupt', 'interrupt', 'KeyboardInterrupt'],
    ['RecursionError', 'recursion', 'maximum recursion depth'],
  ])('%s is an error of the pipeline, with its place', async (type, how, text) => {
    const error = await runs('exits', { how }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'CX-PIPELINE-RAISED', details: { type } });
    expect(error.message).toContain(text);
    expect(error.place.file).toMatch(/testdata\/behaviours\.py$/);
    expect(error.place.line).toBeGreaterThan(1);
    expect(error.details.traceback).toContain('in program');
  });

  test('os._exit is an error of the pipeline and the next run works', async () => {
    await expect(runs('exits', { how: 'os._exit' })).rejects.toMatchObject({
      code: 'CX-PIPELINE-RAISED',
      details: { exitCode: 7 },
    });
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test('a crash is reported with its signal and last output, and the next run works', async () => {
    await expect(runs('exits', { how: 'segfault' })).rejects.toMatchObject({
      code: 'CX-WORKER-DIED',
      details: { signal: 'SIGSEGV', stderrTail: expect.stringContaining('about to fail') },
    });
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test('kill -9 rejects the call under way', async () => {
    const call = runs('hangs');
    const failure = expect(call).rejects.toMatchObject({
      code: 'CX-WORKER-DIED',
      details: { signal: 'SIGKILL' },
    });
    await new Supervisor(socketPath).kill(session.identity.pid);
    await failure;
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test('a run beyond its time limit is killed with what it started', async () => {
    const trace = path.join(folder, 'written-by-a-grandchild');
    const call = session.run(behaviour('hangs', { child: trace }), { timeoutMs: 300 });
    await expect(call).rejects.toMatchObject({ code: 'CX-RUN-TIMEOUT', details: { signal: 'SIGKILL' } });
    const killed = session.identity.pid;
    expect((await runs('process')).output).not.toBe(killed);
    expect(() => process.kill(-killed, 0)).toThrow('ESRCH');
  });

  test.each([false, true])('a cancelled run ends (swallowing the cancellation: %s)', async (swallow) => {
    const controller = new AbortController();
    const call = session.run(behaviour('hangs', { swallow }), { signal: controller.signal });
    const failure = expect(call).rejects.toMatchObject({ code: 'CX-RUN-CANCELLED' });
    controller.abort();
    await failure;
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test('a signal that is aborted already starts nothing', async () => {
    const call = session.run(behaviour('process'), { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: 'CX-RUN-CANCELLED' });
  });

  test('garbage on the socket is an error of the protocol, and the next run works', async () => {
    await expect(runs('writes_to_every_descriptor')).rejects.toMatchObject({ code: 'CX-WORKER-PROTOCOL' });
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test('garbage from a client costs only its own child', async () => {
    const socket = net.connect(socketPath);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await runs('process')).output).toBe(session.identity.pid);
  });

  test.each([
    ['nan', 'output is nan'],
    ['bytes', 'output.field[0] is a builtins.bytes'],
    ['object', 'output is a builtins.object'],
    ['cycle', 'contains itself'],
    ['big', 'the limit is 16777216'],
    ['key', 'has the key 1'],
    ['integer', 'beyond 2^53'],
    ['set', 'output is a builtins.set'],
  ])('an output that is not JSON is refused: %s', async (what, text) => {
    await expect(runs('returns', { what })).rejects.toMatchObject({
      code: 'CX-PIPELINE-OUTPUT',
      message: expect.stringContaining(text),
    });
  });

  test('a pipeline that cannot be imported names file and line', async () => {
    const call = session.run({ ...behaviour('echo'), entry: 'broken:pipeline' });
    await expect(call).rejects.toMatchObject({
      code: 'CX-PIPELINE-LOAD',
      message: expect.stringContaining('no_such_package'),
      place: { file: expect.stringMatching(/testdata\/broken\.py$/), line: 2 },
    });
  });

  test.each([
    ['nowhere:pipeline', 'nowhere'],
    ['behaviours:nothing', 'no attribute "nothing"'],
    ['behaviours', 'package.module:attribute'],
    ['behaviours:os.name', 'cannot be called'],
  ])('the entry %s is refused', async (entry, text) => {
    await expect(session.run({ ...behaviour('echo'), entry })).rejects.toMatchObject({
      code: 'CX-PIPELINE-LOAD',
      message: expect.stringContaining(text),
    });
  });

  test('parameters that the pipeline does not know are an error of building it', async () => {
    await expect(runs('echo', { unknown: 1 })).rejects.toMatchObject({ code: 'CX-PIPELINE-LOAD' });
  });
});
