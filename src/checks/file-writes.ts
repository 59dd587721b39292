import type { FileWrite } from './observations.ts';

/**
 * The files that were changed, once each, relative to the root where they are inside it or a link leads into it, `/` as
 * separator.
 *
 * @param root Absolute, `/` as separator.
 */
export function changedFiles(writes: readonly FileWrite[] | undefined, root: string): Map<string, FileWrite> {
  const files = new Map<string, FileWrite>();
  for (const write of writes ?? []) {
    if (write.path === '') continue;
    const linked = write.real === undefined ? null : inside(write.real, realFolder(root));
    const name = inside(write.path, root) ?? linked ?? write.path;
    if (!files.has(name)) files.set(name, write);
  }
  return files;
}

function inside(file: string, folder: string): string | null {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : null;
}

function realFolder(folder: string): string {
  try {
    return process.getBuiltinModule('node:fs').realpathSync.native(folder).replaceAll('\\', '/');
  } catch {
    return folder;
  }
}
