import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type FixedFile, fixFiles, type RefusedFile, writeFixed } from './fix.ts';
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
  /** Is told what mending makes of a file, before that is written. */
  readonly onFix?: (fixed: FixedFile) => void;
}

/** Scans several places, each file once, and mends what it may. @throws as {@link Scanner.scan}. */
export async function scanPaths(
  scanner: Scanner,
  { paths, fix, cwd, onFix = () => {} }: ScanPathsOptions,
): Promise<{ readonly read: number; readonly rows: PathRow[] }> {
  const rows: PathRow[] = [];
  const seen = new Set<string>();
  const told = new Set<string>();
  for (const place of paths) {
    const { base, read, files } = await scanner.scan(path.resolve(cwd, place));
    for (const key of await Promise.all(read.map((file) => identity(path.join(base, file))))) seen.add(key);
    const fresh: ScannedFile[] = [];
    for (const file of files) {
      const key = await identity(path.join(base, file.file));
      if (!told.has(key)) fresh.push(file);
      told.add(key);
    }
    const made = fix === 'no' ? [] : await fixFiles(scanner, base, fresh);
    for (const [index, scanned] of fresh.entries()) {
      const file = path.relative(cwd, path.join(base, scanned.file));
      const fixed = made[index] ?? null;
      if (fixed !== null && 'before' in fixed) onFix({ ...fixed, file });
      rows.push({ ...(await rowOf(base, scanned, fixed, fix)), file });
    }
  }
  return { read: seen.size, rows };
}

async function rowOf(
  base: string,
  scanned: ScannedFile,
  made: FixedFile | RefusedFile | null,
  fix: ScanPathsOptions['fix'],
): Promise<PathRow> {
  const row = { ...scanned, refused: null, fixed: null };
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
