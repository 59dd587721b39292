import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import glob from 'fast-glob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileGlobs } from './compile-globs.ts';

const FILES = [
  'a.test.ts',
  '.hidden/b.ts',
  'src/a.ts',
  'src/a.test.ts',
  'src/gen/c.test.ts',
  'src/gen/deep/d.ts',
];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'globs-'));
  for (const file of FILES) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
});
afterAll(() => rm(root, { recursive: true }));

test.each<[globs: string[], chosen: number]>([
  [['**/*.ts'], 6],
  [['src/**/*.test.ts'], 2],
  [['src/**/*.test.ts', '!src/gen/**'], 1],
  [['!src/gen/**', 'src/**/*.test.ts'], 1],
  [['src/**/*.test.ts', '!src/gen'], 1],
  [['*.ts', 'src/*.ts', '!**/*.test.ts'], 1],
  [['**', '!src/*.ts', '!src/gen/deep/**'], 3],
  [['!(b).test.ts', '!(src)/*.ts'], 2],
  [['src/!(a).ts', 'src/gen/!(d).test.ts'], 1],
])('%j chooses what fast-glob does', async (globs, chosen) => {
  const patterns = compileGlobs(globs).map((source) => new RegExp(source));
  const matched = FILES.filter((file) => patterns.some((pattern) => pattern.test(file)));
  expect(matched).toHaveLength(chosen);
  expect(matched.sort()).toEqual((await glob(globs, { cwd: root, dot: true })).sort());
});
