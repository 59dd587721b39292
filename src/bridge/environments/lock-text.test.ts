import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addEnvironment } from './add.ts';
import { lockHeader, readLock } from './lock-text.ts';

let root: string;
const declaration = {
  name: 'one',
  dspy: '3.0.1',
  python: '>=3.10,<3.14',
  requirements: ['mlflow==3.17.2'],
  constraints: 'constraints.txt',
};

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'constitution-lock-'));
  await mkdir(path.join(root, 'environments'));
  await writeFile(path.join(root, 'constraints.txt'), 'dspy==3.0.1\n');
  await writeFile(path.join(root, 'environments', 'one.lock'), await lockHeader(root, declaration));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('accepts the lock of the declaration as it is', async () => {
  expect((await readLock(root, declaration)).text).toContain('# Every package of the environment one');
});

it('ignores comments and blank lines of the constraints', async () => {
  await writeFile(path.join(root, 'constraints.txt'), '# why\n\ndspy==3.0.1  # the candidate\n');
  expect((await readLock(root, declaration)).text).toContain('# Every package of the environment one');
});

it.each([
  ['another DSPy', { dspy: '3.0.2' }],
  ['another Python', { python: '>=3.11' }],
  ['another requirement', { requirements: [] }],
  ['no constraints', { constraints: null }],
])('refuses it for %s', async (_name, change) => {
  await expect(readLock(root, { ...declaration, ...change })).rejects.toMatchObject({
    code: 'CX-ENV-LOCK',
    place: { file: 'environments/one.lock' },
    hint: expect.stringContaining('env lock one'),
  });
});

it('refuses it for other constraints, and says where constraints are missing', async () => {
  await writeFile(path.join(root, 'constraints.txt'), 'dspy==3.0.2\n');
  await expect(readLock(root, declaration)).rejects.toMatchObject({ code: 'CX-ENV-LOCK' });
  await rm(path.join(root, 'constraints.txt'));
  await expect(readLock(root, declaration)).rejects.toMatchObject({ code: 'CX-CONFIG-MISSING' });
});

it.each(['dspy', 'dspy>=3', 'dspy==', 'dspy==3.*', 'dspy==3.0.1; python_version>"3"', 'other==1.0', '../x'])(
  'env add refuses "%s"',
  async (requirement) => {
    await expect(addEnvironment(root, requirement)).rejects.toMatchObject({ code: 'CX-USAGE' });
  },
);

it('env add refuses what is declared already', async () => {
  await writeFile(path.join(root, 'environments', 'dspy-3.0.1.yaml'), 'dspy: 3.0.1\n');
  await expect(addEnvironment(root, 'dspy == 3.0.1')).rejects.toMatchObject({ code: 'CX-USAGE' });
});
