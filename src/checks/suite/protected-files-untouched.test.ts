import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aSuite } from '../test-support.ts';
import { check } from './protected-files-untouched.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'protected-'));
  await writeFile(path.join(root, 'kept.lock'), '1');
  await writeFile(path.join(root, 'gone.lock'), '1');
  await writeFile(path.join(root, 'free.txt'), '1');
});
afterEach(() => rm(root, { recursive: true }));

const options = { files: ['**/*.lock'] };

test('what was changed, removed and added during the run, whoever did it', async () => {
  const prepared = (await check.prepare?.(root, options)) ?? null;
  const find = async () => {
    const results = await check.run({ ...aSuite({}), root, prepared }, options);
    return results.map(({ values }) => `${values['operation']} ${values['file']}`).sort();
  };
  expect(await find()).toEqual([]);
  await writeFile(path.join(root, 'kept.lock'), '2');
  await rm(path.join(root, 'gone.lock'));
  await mkdir(path.join(root, 'deep'));
  await writeFile(path.join(root, 'deep', 'new.lock'), '1');
  await writeFile(path.join(root, 'free.txt'), '2');
  expect(await find()).toEqual(['added deep/new.lock', 'changed kept.lock', 'removed gone.lock']);
});
