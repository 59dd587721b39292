import { readFile, stat } from 'node:fs/promises';

/** The largest configuration file that is read, in bytes: nothing of ours comes near it, and an unbounded one could exhaust memory. */
export const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** Text of a configuration file; null where it is no file, too large, or cannot be read. */
export async function readConfigText(file: string): Promise<string | null> {
  try {
    const info = await stat(file);
    return info.isFile() && info.size <= MAX_CONFIG_BYTES ? await readFile(file, 'utf8') : null;
  } catch {
    return null;
  }
}
