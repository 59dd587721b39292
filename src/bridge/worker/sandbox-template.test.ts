import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test, vi } from 'vitest';
import { locate, testdata, workerPath } from './test-support.ts';

let environment: Awaited<ReturnType<typeof locate>>;
beforeAll(async () => {
  environment = await locate('dspy-3.0.1');
});

const start = (name: string) =>
  execa(environment.python, [path.join(testdata, 'template_probe.py'), workerPath, name], {
    env: { ...environment.processEnv, CONSTITUTION_SANDBOX: 'namespaces' },
    extendEnv: false,
  });
const probe = async <T>(name: string) => JSON.parse((await start(name)).stdout) as T;

test('a program sees the same surroundings warm and in a fresh interpreter', async () => {
  const seen = await probe<{ fresh: string[]; warm: string[]; template: boolean }>('surroundings');
  expect(seen.template).toBe(true);
  expect(seen.warm).toEqual(seen.fresh);
  expect(seen.fresh).toEqual([
    expect.stringContaining('[0, 1, 2]'),
    expect.stringContaining('[0, 1, 2, 3]'), // and the pipe for results
  ]);
});

test('what a program leaves in its interpreter and its folder the next one does not find', async () => {
  const { before, left, after, same } = await probe<Record<string, unknown>>('hidden_state');
  expect([left, same]).toEqual([42, true]);
  expect(after).toEqual(before);
});

test('the template holds nothing of its owner but one socket', async () => {
  expect(await probe('bare')).toEqual({
    kinds: ['socket', 'pipe', 'pipe', 'anon_inode:[pidfd]', 'anon_inode:[pidfd]'],
    environ: '',
    cwd: '/',
    threads: 1,
    leads: true,
  });
});

test('a template that was killed between two programs is replaced', async () => {
  expect(await probe('killed_between')).toEqual({ values: [0, 1, 2], different: 3, none: false });
});

test('a template that is killed takes its program along, which then runs again', async () => {
  expect(await probe('killed_during')).toEqual({ value: 7, left: [], next: 8, warm: true });
});

test('a template outlives its programs, and they leave no process', async () => {
  expect(await probe('killed_programs')).toEqual({
    ends: ['killed', 'timeout', 'killed', 'output'],
    same: true,
    left: [],
  });
});

test('an exception while a program runs ends it', async () => {
  expect(await probe('interrupted')).toEqual({ raised: "'cancelled'", ran: 2, left: [], same: true });
});

test('threads share a template, which does not end with the one that started it', async () => {
  expect(await probe('threads')).toEqual({ results: [null, 1, 2, 3], same: true });
});

test('a fork of the owner has a template of its own', async () => {
  expect(await probe('forked')).toEqual({
    before: null,
    value: 2,
    own: true,
    left: [],
    mine: true,
    next: 3,
  });
});

test('a template ends when its control socket is closed', async () => {
  expect(await probe('closed')).toEqual({ left: [] });
});

test('kill -9 of the owner ends the template and its programs, though a fork has a copy of the socket', async () => {
  const owner = start('owner');
  const line = await new Promise<string>((resolve) =>
    owner.stdout.once('data', (chunk) => resolve(String(chunk))),
  );
  const { template, programs, copy } = JSON.parse(line) as Record<'template' | 'copy', number> & {
    programs: number[];
  };
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const living = () => [template, ...programs, copy].filter(isAlive);
  expect(living()).toHaveLength(4);
  owner.kill('SIGKILL');
  await vi.waitFor(() => expect(living()).toEqual([copy]), { timeout: 20_000, interval: 50 });
  process.kill(copy, 'SIGKILL');
  await expect(owner).rejects.toMatchObject({ signal: 'SIGKILL' });
});

test('a template waits for its programs, though its owner ignores the end of children', async () => {
  expect(await probe('ignored')).toEqual({ values: [0, 1], warm: true });
});

test('where no template can be started, programs have interpreters of their own', async () => {
  expect(await probe('unusable')).toEqual({
    values: [0, 1, 2],
    tried: true,
    again: 0,
    warm: false,
  });
});

test('where the kernel refuses a template its namespaces, programs have interpreters of their own', async () => {
  expect(await probe('refused')).toEqual({ value: 1, warm: false });
});

test('fresh programs differ in the seed of string hashes, warm ones do not', async () => {
  const { fresh, warm } = await probe<{ fresh: string[]; warm: string[] }>('hashes');
  expect(new Set(fresh).size).toBe(2);
  expect(new Set(warm).size).toBe(1);
});

test('programs and results larger than a pipe arrive', async () => {
  const lengths = Array.from({ length: 3 }, () => [500_000, 500_000]);
  expect(await probe('large')).toEqual({ lengths });
});

test('CPU time of programs is counted', async () => {
  expect(await probe<number>('cpu')).toBeGreaterThan(0.3);
});
