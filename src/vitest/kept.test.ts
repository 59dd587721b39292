import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kept } from './kept.ts';

let folder: string;
let made = 0;
const make = async () => ({ number: ++made });

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kept-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a value that is kept', () => {
  test('is made once for a key', async () => {
    const file = path.join(folder, 'new', 'value.json');
    const first = await kept(file, 'a', make);
    expect(await kept(file, 'a', make)).toEqual(first);
    expect(await kept(file, 'b', make)).toEqual({ number: first.number + 1 });
    expect(await kept(file, 'b', make)).toEqual({ number: first.number + 1 });
  });

  test.each(['', '{', 'null', '[]', '{"key":"b"}'])('is made where the file holds %j', async (text) => {
    const file = path.join(folder, 'broken.json');
    await writeFile(file, text);
    const value = await kept(file, 'a', make);
    expect(value).toEqual({ number: made });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ key: 'a', value });
  });

  test('is made where the file cannot be written', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    expect(await kept(path.join(file, 'value.json'), 'a', make)).toEqual({ number: made });
  });

  test('is not kept where making it fails', async () => {
    const file = path.join(folder, 'failed.json');
    const fail = () => Promise.reject(new Error('wrong'));
    await expect(kept(file, 'a', fail)).rejects.toThrow('wrong');
    expect(await kept(file, 'a', make)).toEqual({ number: made });
  });
});
