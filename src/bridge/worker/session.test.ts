import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { ForkServer } from './fork-server.ts';
import { WorkerSession } from './session.ts';
import { Supervisor } from './supervisor.ts';
import { behaviour, environmentNames, LmEndpoint, startForkServer, testdata } from './test-support.ts';

describe.each(environmentNames)('%s', (environment) => {
  let server: ForkServer;
  let session: WorkerSession;
  let endpoint: LmEndpoint;
  let folder: string;

  beforeAll(async () => {
    [server, endpoint] = await Promise.all([startForkServer(environment), LmEndpoint.start()]);
    session = await WorkerSession.connect(server.socketPath);
    folder = await mkdtemp(path.join(os.tmpdir(), 'session-test-'));
  });
  afterAll(async () => {
    session.close();
    await Promise.all([server.stop(), endpoint.stop(), rm(folder, { recursive: true })]);
  });

  const asking = (token: string, entry = 'Ask', params = {}) => ({
    ...behaviour(entry, params, { question: 'what?' }),
    lm: endpoint.target(token),
  });
  const runs = (entry: string, params = {}) => session.run(behaviour(entry, params));

  test('a run returns the fields of its prediction, its stages and its times', async () => {
    const answer = await session.run(asking('first', 'Ask', { calls: 2 }));
    expect(answer.output).toEqual({ answer: 'first' });
    expect(answer.stages.map(({ name, depth }) => [name, depth])).toEqual([
      ['Ask', 0],
      ['one question', 1],
      ['Predict', 2],
      ['one question', 1],
      ['Predict', 2],
    ]);
    expect(answer.cpuMs).toBeGreaterThan(0);
    expect(answer.wallMs).toBeGreaterThanOrEqual(answer.stages[0]?.endMs ?? Number.NaN);
  });

  test('the identity names versions and a process of the pool', async () => {
    await session.ping();
    expect(`dspy-${session.identity.dspy}`).toBe(environment);
    const children = await new Supervisor(server.socketPath).children();
    expect(children.map(({ pid }) => pid)).toContain(session.identity.pid);
  });

  test('N equal calls are N requests: no cache answers', async () => {
    const before = endpoint.seen.length;
    await session.run(asking('same', 'Ask', { calls: 3 }));
    await session.run(asking('same', 'Ask', { calls: 3 }));
    const bodies = endpoint.seen.slice(before).map(({ body }) => JSON.stringify(body));
    expect(bodies).toHaveLength(6);
    expect(new Set(bodies).size).toBe(1);
  });

  test('an LM that a pipeline makes itself is not answered from a cache either', async () => {
    const before = endpoint.seen.length;
    const call = () => runs('own_lm', { base_url: endpoint.target('own').baseUrl });
    expect([(await call()).output, (await call()).output]).toEqual([
      ['own', 'own'],
      ['own', 'own'],
    ]);
    expect(endpoint.seen.length - before).toBe(4);
  });

  test('no SQLite file of a cache is open in a child', async () => {
    const { output } = await runs('open_files');
    expect((output as string[]).filter((file) => file.includes('cache.db'))).toEqual([]);
  });

  test('parallel runs and their threads never mix tokens', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 4 }, () => WorkerSession.connect(server.socketPath)),
    );
    const tokens = Array.from({ length: 24 }, (_, number) => `token-${number}`);
    const answers = await Promise.all(
      tokens.map((token, number) => (sessions[number % 4] as WorkerSession).run(asking(token, 'Parallel'))),
    );
    for (const each of sessions) each.close();
    expect(answers.map(({ output }) => output)).toEqual(
      tokens.map((token) => ({ answers: [token, token, token, token] })),
    );
  });

  test('a child keeps one HTTP connection for the runs it serves', async () => {
    await session.run(asking('warm'));
    const before = endpoint.connections.count;
    for (const token of ['a', 'b', 'c']) await session.run(asking(token));
    expect(endpoint.connections.count).toBe(before);
  });

  test('megabytes of prints neither block nor reach the protocol', async () => {
    expect((await runs('prints', { characters: 4_000_000 })).output).toBe('printed');
  });

  test('the same run draws the same random numbers', async () => {
    expect((await runs('draws')).output).toBe((await runs('draws')).output);
  });

  test('no run follows an optimizer in its process', async () => {
    await session.ping();
    const { pid } = session.identity;
    const lm = endpoint.target('optimizer');
    const optimization = session.optimize({
      ...behaviour('nobody'),
      ...{ judge: 'behaviours:nobody', optimizer: 'gepa', catalogue: null, lm, reflectionLm: lm },
      ...{ train: [], validation: [], folder, seed: 0, maxEvaluations: 1, minibatch: 1, threads: 1 },
    });
    await expect(optimization).rejects.toMatchObject({ code: 'CX-PIPELINE-LOAD' });
    expect((await runs('process')).output).not.toBe(pid);
  });

  test.each(['thread', 'directory', 'environment', 'process', 'settings'])(
    'a run that leaves a %s behind gets its answer, and the next run a fresh process',
    async (what) => {
      const left = await runs('leaves', { what, folder });
      expect((await runs('process')).output).not.toBe(left.output);
    },
  );

  test('a sandbox keeps its template from run to run, and hides no process that a run leaves', async () => {
    const sandboxed = async (params: JsonObject) => {
      const { output, cpuMs } = await runs('sandboxed', params);
      return { ...(output as { pid: number; hash: string }), cpuMs };
    };
    const [first, second] = [await sandboxed({}), await sandboxed({ seconds: 0.3 })];
    expect(second).toMatchObject({ pid: first.pid, hash: first.hash });
    expect(second.cpuMs).toBeGreaterThan(300);
    const leaving = await sandboxed({ what: 'process' });
    expect(leaving).toMatchObject({ pid: first.pid, hash: first.hash });
    const next = await sandboxed({});
    expect(next.pid).not.toBe(first.pid);
    expect(next.hash).not.toBe(first.hash);
  });

  test('a clean process is reused', async () => {
    expect((await runs('process')).output).toBe((await runs('process')).output);
  });

  test('code that changed is imported again, in a fresh process', async () => {
    const file = path.join(folder, 'editable.py');
    const call = () => session.run({ ...behaviour('echo'), root: folder, entry: 'editable:pipeline' });
    await writeFile(file, 'def pipeline():\n    return lambda: "old"\n');
    expect((await call()).output).toBe('old');
    const { pid } = session.identity;
    await writeFile(file, 'def pipeline():\n    return lambda: "new"\n');
    expect((await call()).output).toBe('new');
    expect(session.identity.pid).not.toBe(pid);
  });

  test.each([
    ['two roots may hold modules of the same name', false],
    ['also where a root holds a link to what lies elsewhere', true],
  ])('%s', async (_, linked) => {
    const call = (root: string) => session.run({ ...behaviour('echo'), root, entry: 'twin:pipeline' });
    const roots = await Promise.all(
      ['left', 'right'].map(async (name) => {
        const root = await mkdtemp(path.join(folder, name));
        const file = path.join(linked ? folder : root, linked ? `${name}.py` : 'twin.py');
        await writeFile(file, `def pipeline():\n    return lambda: "${name}"\n`);
        if (linked) await symlink(file, path.join(root, 'twin.py'));
        return root;
      }),
    );
    const [left = '', right = ''] = roots;
    const outputs = [left, right, left].map(async (root) => (await call(root)).output);
    expect(await Promise.all(outputs)).toEqual(['left', 'right', 'left']);
  });

  test('a scorer returns an outcome', async () => {
    const params = { root: testdata, entry: 'behaviours:score', case: '/cases/one' };
    expect(await session.score({ ...params, output: { outcome: 0.5, violations: { order: 2 } } })).toEqual({
      outcome: 0.5,
      violations: { order: 2 },
      detail: '/cases/one',
    });
    await expect(session.score({ ...params, output: { outcome: 2 } })).rejects.toMatchObject({
      code: 'CX-PIPELINE-OUTPUT',
    });
  });

  test('the schema is the same text in every version', async () => {
    const { signatures } = await session.schema({ root: testdata, entry: 'behaviours:Repairer', params: {} });
    const field = (name: string, direction: string, type: string, description = `\${${name}}`) => ({
      name,
      direction,
      type,
      description,
    });
    expect(signatures).toEqual([
      {
        predictor: 'repair.predict',
        instructions: 'Repair the function.\n\nChange one line.',
        fields: [
          field('code', 'input', 'str', 'the broken function'),
          field('examples', 'input', 'list[str]'),
          field('reasoning', 'output', 'str'),
          field('repaired', 'output', 'str', 'the whole function'),
          field('confidence', 'output', 'float'),
        ],
      },
      {
        predictor: 'check',
        instructions: 'Given the fields `code`, `goal`, produce the fields `ok`.',
        fields: [field('code', 'input', 'str'), field('goal', 'input', 'str'), field('ok', 'output', 'bool')],
      },
    ]);
  });
});
