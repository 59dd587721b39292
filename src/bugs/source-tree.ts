import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';

/** Text of files by their path (`/` as separator, relative to one folder). */
export type SourceFiles = Readonly<Record<string, string>>;

/** A file that is not read, and why. */
export interface RefusedFile {
  readonly file: string;
  readonly why: string;
}

/** A longer file is no program of a person, and a tree has to fit into the sandbox's memory and disk. */
export const MAX_FILE_BYTES = 256 * 1024;
export const MAX_TREE_BYTES = 6 * 1024 * 1024;
export const MAX_TREE_FILES = 2_000;

/** Folders of what others have installed or built. */
const FOREIGN = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', 'env', 'build', 'dist']);

/**
 * Reads one file as text, without following a symbolic link.
 *
 * @returns the text, or why it is not read.
 */
export async function readSource(file: string): Promise<{ text: string } | { why: string }> {
  const status = await lstat(file).catch(() => null);
  if (status === null) return { why: 'it cannot be read' };
  if (status.isSymbolicLink()) return { why: 'it is a symbolic link' };
  if (!status.isFile()) return { why: 'it is no file' };
  if (status.size > MAX_FILE_BYTES)
    return { why: `it has ${status.size} bytes, ${MAX_FILE_BYTES} are allowed` };
  try {
    return { text: decodeSource(await readFile(file)) };
  } catch (error) {
    return { why: error instanceof TypeError ? 'it is not UTF-8 text' : 'it cannot be read' };
  }
}

/** @throws TypeError where bytes are not UTF-8. */
export function decodeSource(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
}

/** As {@link readSource} for a file that a person named. @throws ConstitutionError CX-BUG-SOURCE */
export async function requireSource(file: string): Promise<string> {
  const source = await readSource(file);
  if ('text' in source) return source.text;
  throw new ConstitutionError('CX-BUG-SOURCE', `the file is not read: ${source.why}`, { place: { file } });
}

/**
 * The Python files below a folder, as far as they may be read. Hidden folders, symbolic links and what others have
 * installed are passed over; beyond the limits, files near the folder come first.
 */
export async function readTree(folder: string): Promise<SourceFiles> {
  const files: Record<string, string> = {};
  let bytes = 0;
  const waiting = [''];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const entries = await readdir(path.join(folder, at), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path.posix.join(at, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && !FOREIGN.has(entry.name)) waiting.push(name);
      if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
      if (Object.keys(files).length >= MAX_TREE_FILES) return files;
      const source = await readSource(path.join(folder, name));
      if (!('text' in source) || bytes + source.text.length > MAX_TREE_BYTES) continue;
      bytes += source.text.length;
      files[name] = source.text;
    }
  }
  return files;
}

/** Whether a path is that of a file with tests, by its name or its folder. */
export function isTestFile(file: string): boolean {
  const name = path.posix.basename(file);
  if (!name.endsWith('.py') || name === 'conftest.py' || name === '__init__.py') return false;
  return /^(test_.*|.*_test|tests)\.py$/.test(name) || /(^|\/)(tests?|testing)\//.test(file);
}

/** The folders that absolute imports may start from: the tree's own, and those that usually hold packages. */
export function importRoots(files: SourceFiles): string[] {
  const has = (folder: string) => Object.keys(files).some((file) => file.startsWith(`${folder}/`));
  return ['', ...['src', 'lib', 'python'].filter(has)];
}
