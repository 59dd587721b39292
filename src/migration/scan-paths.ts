import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type FixedFile, fixFile, writeFixed } from './fix.ts';
import type { ScannedFile, Scanner } from './scan.ts';

/** A file with what was found in it, or what is left; and what became of mending it. */
export interface PathRow extends ScannedFile {
  /** Why nothing was mended where something could be; null otherwise. */
  readonly refused: string | null;
  /** What mending it makes of it; null where nothing is mended. */
  readonly fixed: FixedFile | null;
}

export interface ScanPathsOptions {
  readonly paths: readonly string[];
  /** `preview` mends in memory only. */
  readonly fix: 'no' | 'preview' | 'write';
  /** Folder that names of files are relative to. */
  readonly cwd: string;
}

/** Scans several places, each file once, and mends what it may. @throws as {@link Scanner.scan}. */
export async function scanPaths(
  scanner: Scanner,
  { paths, fix, cwd }: ScanPathsOptions,
): Promise<{ readonly read: number; readonly rows: PathRow[] }> {
  const rows = new Map<string, PathRow>();
  const seen = new Set<string>();
  for (const place of paths) {
    const { base, read, files } = await scanner.scan(path.resolve(cwd, place));
    for (const key of await Promise.all(read.map((file) => identity(path.join(base, file))))) seen.add(key);
    for (const file of files) {
      const full = path.join(base, file.file);
      const key = await identity(full);
      if (rows.has(key)) continue;
      const row = await mended(scanner, base, file, fix);
      rows.set(key, { ...row, file: path.relative(cwd, full) });
    }
  }
  return { read: seen.size, rows: [...rows.values()] };
}

async function mended(
  scanner: Scanner,
  base: string,
  scanned: ScannedFile,
  fix: ScanPathsOptions['fix'],
): Promise<PathRow> {
  const row = { ...scanned, refused: null, fixed: null };
  const made = fix === 'no' ? null : await fixFile(scanner, base, scanned);
  if (made === null) return row;
  if ('refused' in made) return { ...row, refused: made.refused };
  if (fix === 'preview') return { ...row, fixed: made };
  const written = await writeFixed(base, made);
  return written
    ? { ...made.left, refused: null, fixed: made }
    : { ...row, refused: 'it was changed meanwhile' };
}

/** The same for each path that leads to a file; a link that leads nowhere stands for itself. */
function identity(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
