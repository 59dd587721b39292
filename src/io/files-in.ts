import { readdir } from 'node:fs/promises';

/** Names of the files of a folder, without those of its subfolders, sorted; none where there is no such folder. */
export async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && pattern.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
