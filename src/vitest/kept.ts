import { readFile } from 'node:fs/promises';
import { writeAtomically } from '../io/write-atomically.ts';

/**
 * A value that is costly to make, kept in a file from run to run. A file that cannot be read or written costs time, and
 * nothing else.
 *
 * @param make Makes it; it has to be plain JSON.
 * @param key Stands for what the value is made of; a value under another key is made anew.
 * @throws what `make` throws.
 */
export async function kept<Value>(file: string, key: string, make: () => Promise<Value>): Promise<Value> {
  const earlier = await read(file);
  if (earlier?.key === key) return earlier.value as Value;
  const value = await make();
  await writeAtomically(file, JSON.stringify({ key, value })).catch(() => {});
  return value;
}

async function read(file: string): Promise<{ key?: unknown; value?: unknown } | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { key?: unknown; value?: unknown } | null;
  } catch {
    return null;
  }
}
