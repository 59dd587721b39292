import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file, and its folder where it is missing, so that a reader or a crash finds the old content or the new
 * one, never a part.
 *
 * @param options.mode Permissions of the file; those of a new one by default.
 * @throws the error of the file system; nothing is left behind then.
 */
export async function writeAtomically(
  file: string,
  text: string,
  options: { readonly mode?: number } = {},
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      if (options.mode !== undefined) await handle.chmod(options.mode & 0o7777);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
