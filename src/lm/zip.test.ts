import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipArchive } from './testing/zip-archive.ts';
import { extractEntry } from './zip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cx-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const text = 'weights '.repeat(1000);
const entries = [
  { name: 'a/first.txt', content: Buffer.from('first') },
  { name: 'a/model.gguf', content: Buffer.from(text) },
];

describe('extractEntry', () => {
  test.each(['deflate', 'stored'] as const)('unpacks an entry that is %s', async (method) => {
    const archive = join(folder, `${method}.zip`);
    await writeFile(archive, zipArchive(entries, method));
    await extractEntry(archive, 'a/model.gguf', join(folder, method));
    expect(await readFile(join(folder, method), 'utf8')).toBe(text);
  });

  const whole = zipArchive(entries, 'deflate');
  const broken = Buffer.from(whole);
  broken.fill(0xff, 60 + 40, 60 + 70);
  test.each([
    ['is cut off', whole.subarray(0, whole.length - 40), 'a/model.gguf'],
    ['is empty', Buffer.alloc(0), 'a/model.gguf'],
    ['is something else', Buffer.from('<html>'.repeat(100)), 'a/model.gguf'],
    ['lacks the entry', whole, 'a/other.gguf'],
    ['has damaged content', broken, 'a/model.gguf'],
  ])('refuses an archive that %s', async (name, bytes, entry) => {
    const archive = join(folder, `${name}.zip`);
    await writeFile(archive, bytes);
    await expect(extractEntry(archive, entry, join(folder, 'out'))).rejects.toMatchObject({
      code: 'CX-LM-FETCH',
    });
  });
});
