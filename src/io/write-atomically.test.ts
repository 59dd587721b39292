import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAtomically } from './write-atomically.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'write-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('replaces a file and makes the folders of a new one', async () => {
  const file = path.join(folder, 'a', 'b.json');
  await writeAtomically(file, 'one');
  await writeAtomically(file, 'two');
  expect(await readFile(file, 'utf8')).toBe('two');
  expect(await readdir(path.dirname(file))).toEqual(['b.json']);
});

test('a file that is only read keeps its old content until the new one is whole', async () => {
  const file = path.join(folder, 'b.json');
  await writeFile(file, 'old');
  await chmod(file, 0o400);
  await writeAtomically(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
});

test('a file gets the permissions that are asked for', async () => {
  const file = path.join(folder, 'run.py');
  await writeAtomically(file, 'print()', { mode: 0o100777 });
  expect((await stat(file)).mode & 0o7777).toBe(0o777);
});

test('a failed write leaves nothing behind', async () => {
  const file = path.join(folder, 'taken');
  await mkdir(file);
  await expect(writeAtomically(file, 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});
