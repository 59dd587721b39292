import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pythonFilesAt } from './python-files.ts';

let folder: string;
let tree: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tree-'));
  tree = path.join(folder, 'tree');
  await mkdir(path.join(tree, 'sub'), { recursive: true });
  await writeFile(path.join(tree, 'b.py'), '');
  await writeFile(path.join(tree, 'sub', 'a.py'), '');
  await writeFile(path.join(tree, 'notes.txt'), '');
});
afterEach(() => rm(folder, { recursive: true }));

test('finds what is below a folder, in order, and a single file', async () => {
  expect(await pythonFilesAt(tree)).toEqual({ base: tree, files: ['b.py', 'sub/a.py'], faults: [] });
  expect(await pythonFilesAt(path.join(tree, 'b.py'))).toEqual({ base: tree, files: ['b.py'], faults: [] });
  await expect(pythonFilesAt(path.join(tree, 'none'))).rejects.toMatchObject({ code: 'CX-CONFIG-MISSING' });
});

test('reads a link to a file that lies elsewhere, and none twice', async () => {
  await writeFile(path.join(folder, 'shared.py'), '');
  await symlink('../shared.py', path.join(tree, 'shared.py'));
  await symlink('b.py', path.join(tree, 'c.py'));
  expect((await pythonFilesAt(tree)).files).toEqual(['b.py', 'shared.py', 'sub/a.py']);
});

test('does not follow a link to a folder', async () => {
  await mkdir(path.join(folder, 'other'));
  await writeFile(path.join(folder, 'other', 'd.py'), '');
  await symlink('../other', path.join(tree, 'other'));
  await symlink('sub', path.join(tree, 'same'));
  expect(await pythonFilesAt(tree)).toMatchObject({ files: ['b.py', 'sub/a.py'], faults: [] });
});

test.each([
  ['sub/loop', '..', 'a link to a folder that it lies in'],
  ['loop', '.', 'a link to a folder that it lies in'],
  ['self.py', 'self.py', 'a link that leads to itself'],
  ['self', 'self', 'a link that leads to itself'],
  ['dangling.py', 'nowhere.py', 'a link to nothing'],
])('tells the link %s -> %s', async (link, target, message) => {
  await symlink(target, path.join(tree, link));
  expect(await pythonFilesAt(tree)).toMatchObject({
    files: ['b.py', 'sub/a.py'],
    faults: [{ file: link, message }],
  });
});

test('does not wait for what is no file', async () => {
  const socket = path.join(tree, 'socket.py');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(socket, listening));
  expect((await pythonFilesAt(tree)).faults).toEqual([{ file: 'socket.py', message: 'not a file' }]);
  expect((await pythonFilesAt(socket)).faults).toHaveLength(1);
  await new Promise((closed) => server.close(closed));
});
