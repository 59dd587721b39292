import type { FileWrite } from './observations.ts';

/**
 * The files that were changed, once each, relative to the root where they are inside it, `/` as separator.
 *
 * @param root Absolute, `/` as separator.
 */
export function changedFiles(writes: readonly FileWrite[] | undefined, root: string): Map<string, FileWrite> {
  const files = new Map<string, FileWrite>();
  for (const write of writes ?? []) {
    if (write.path === '') continue;
    const inside = write.path.startsWith(`${root}/`);
    const name = inside ? write.path.slice(root.length + 1) : write.path;
    if (!files.has(name)) files.set(name, write);
  }
  return files;
}
