import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../core/json.ts';

/** SHA-256 by path of every file below a folder. */
export async function hashesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hashes = files
    .sort()
    .map(async (file) => [path.relative(folder, file), sha256(await readFile(file, 'latin1'))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}
