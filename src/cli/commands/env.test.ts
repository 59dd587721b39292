import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { makeStubProject, type StubProject } from '../../bridge/environments/test-support.ts';
import { runCommand } from '../test-support.ts';

let project: StubProject;
beforeAll(async () => {
  project = await makeStubProject();
  await writeFile(inProject('package.json'), '{}');
  // What is declared here stands in the tests' own files; of these only the wheels are wanted.
  for (const version of ['9.9.1', '9.9.2']) await project.declare(version);
  for (const name of await readdir(inProject('environments'))) await rm(inProject('environments', name));
});
afterAll(() => project.remove());
beforeEach(() => {
  for (const [name, value] of Object.entries(project.caller)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});

const inProject = (...names: string[]) => path.join(project.root, ...names);
const run = (...argv: string[]) => runCommand(project.root, argv);
const env = async (...argv: string[]) => JSON.parse((await run('env', ...argv, '--json')).stdout);
const states = async () =>
  (await env('list')).map(({ name, state }: { name: string; state: string }) => [name, state]);

/** One story: each step has the environments that those before it made. */
test('without environments there is nothing to do, and that is said', async () => {
  expect((await run('env', 'list')).stdout).toBe('no environments are declared\n');
  expect((await run('env', 'sync')).stdout).toBe('no environments are declared\n');
  expect((await run('doctor')).stdout).toContain('no environments are declared');
});

test('add declares a version, locks it with hashes and makes it', async () => {
  const { exitCode, stdout, stderr } = await run('env', 'add', 'dspy==9.9.1');
  expect(stderr).toMatch(/dspy-9\.9\.1: resolving with uv [\s\S]*dspy-9\.9\.1: ready/);
  expect([exitCode, stdout]).toEqual([
    0,
    'added dspy-9.9.1: commit environments/dspy-9.9.1.yaml and its lock\n',
  ]);
  const lock = await readFile(inProject('environments/dspy-9.9.1.lock'), 'utf8');
  expect(lock).toMatch(/^dspy==9\.9\.1 \\\n {4}--hash=sha256:[0-9a-f]{64}$/m);
  // Where the packages came from is the machine's affair.
  expect(lock).not.toContain(project.wheels);
  expect(await states()).toEqual([['dspy-9.9.1', 'ready']]);
});

test.each([
  ['dspy>=9', 'CX-USAGE', 'Name it as in "dspy==3.0.1"'],
  ['dspy==9.9.1', 'CX-USAGE', 'env sync dspy-9.9.1'],
  ['dspy==9.9.7', 'CX-ENV-LOCK', 'the requirements of dspy-9.9.7 cannot be resolved'],
])('add %s is refused, and leaves nothing behind', async (requirement, code, text) => {
  const before = await readdir(inProject('environments'));
  const { exitCode, stderr } = await run('env', 'add', requirement);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(code);
  expect(stderr).toContain(text);
  expect(await readdir(inProject('environments'))).toEqual(before);
});

test('a lock that was edited is written anew, and the environment brought to it', async () => {
  const file = inProject('environments/dspy-9.9.1.yaml');
  const lock = inProject('environments/dspy-9.9.1.lock');
  await writeFile(file, (await readFile(file, 'utf8')).replace('>=3.10,<3.14', '>=3.10'));
  const stale = await run('env', 'sync');
  expect(stale.exitCode).toBe(3);
  expect(stale.stderr).toContain('CX-ENV-LOCK');
  const before = await readFile(lock, 'utf8');
  expect(await env('lock', 'dspy-9.9.1')).toEqual({ locked: ['dspy-9.9.1'] });
  expect(await readFile(lock, 'utf8')).not.toBe(before);
  expect(await env('sync')).toEqual({ ready: [], installed: ['dspy-9.9.1'] });
  expect((await run('env', 'sync')).stdout).toBe('ready dspy-9.9.1\n');
});

test('damage is told by list and doctor with its cure, and repair mends it', async () => {
  const packages = (await readdir(inProject('.constitution/envs/dspy-9.9.1'), { recursive: true })).find(
    (name) => name.endsWith('dspy/predict.py'),
  );
  await rm(inProject('.constitution/envs/dspy-9.9.1', packages as string));
  expect((await run('env', 'list')).stdout).toMatch(
    /^dspy-9\.9\.1 {2}damaged: .*predict\.py.*\(dspy 9\.9\.1, Python 3/,
  );
  const told = await run('doctor');
  expect(told.exitCode).toBe(3);
  expect(told.stdout).toMatch(
    /✗ dspy-9\.9\.1 +damaged: [\s\S]*hint: run "vitest-constitution env repair dspy-9\.9\.1"/,
  );
  expect((await run('env', 'repair', 'dspy-9.9.1')).stdout).toBe('made anew dspy-9.9.1\n');
  expect(await states()).toEqual([['dspy-9.9.1', 'ready']]);
});

test('doctor tells a person what is installed, isolated and imported side by side', async () => {
  await env('add', 'dspy==9.9.2');
  const { stdout } = await run('doctor');
  for (const name of ['dspy-9.9.1', 'dspy-9.9.2']) expect(stdout).toMatch(new RegExp(`✓ ${name} +Python 3`));
  expect(stdout).toMatch(/✓ {3}packages +1 as locked/);
  expect(stdout).toMatch(/✓ {3}sys\.path +its own packages and the standard library only/);
  expect(stdout).toMatch(/✓ {3}PYTHONPATH +a decoy dspy on it was ignored, 9\.9\.1 was imported/);
  expect(stdout).toContain('imported at once: dspy-9.9.1 (dspy 9.9.1), dspy-9.9.2 (dspy 9.9.2)');
});

test('clean removes what is no longer declared, and everything where that is asked for', async () => {
  expect((await run('env', 'clean')).stdout).toBe('nothing to remove\n');
  await rm(inProject('environments/dspy-9.9.2.yaml'));
  expect((await run('env', 'list')).stdout).toMatch(/^dspy-9\.9\.2 {2}not declared, ready/m);
  expect(await env('clean')).toEqual({ removed: ['dspy-9.9.2'] });
  expect((await run('env', 'clean', '--all')).stdout).toBe('removed dspy-9.9.1\n');
  expect(await states()).toEqual([['dspy-9.9.1', 'missing']]);
});
