import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Edit } from '../core/api-uses.ts';
import { writeAtomically } from '../io/write-atomically.ts';
import type { ScannedFile, Scanner } from './scan.ts';

/** A file before and after its mechanical findings were mended. */
export interface FixedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** How many findings that mends, and what is left to find then. */
  readonly mended: number;
  readonly left: ScannedFile;
}

/**
 * Mends what can be mended without a change of meaning, in memory. A file whose new text is no program, or holds any finding
 * that it did not hold before, is left as it is.
 */
export async function fixFile(
  scanner: Scanner,
  base: string,
  scanned: ScannedFile,
): Promise<FixedFile | null> {
  const mendable = scanned.findings.filter(({ edits }) => edits.length > 0);
  if (mendable.length === 0) return null;
  const data = await readFile(path.join(base, scanned.file));
  const edits = withoutOverlaps(mendable.flatMap((finding) => finding.edits));
  const after = applied(data, edits);
  const again = await scanner.scanText(scanned.file, after);
  const kept = scanned.findings.length - mendable.length;
  if (again.fault !== null || again.findings.length > kept + (mendable.length - edits.length)) return null;
  return { file: scanned.file, before: data.toString(), after, mended: edits.length, left: again };
}

/** Writes a mended file in the place of the one it was made of. */
export function writeFixed(base: string, { file, after }: FixedFile): Promise<void> {
  return writeAtomically(path.join(base, file), after);
}

/** Of edits that touch the same bytes the first; a further run mends the rest. */
function withoutOverlaps(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    const last = kept.at(-1);
    if (last === undefined || edit.from >= last.to) kept.push(edit);
  }
  return kept;
}

function applied(data: Buffer, edits: readonly Edit[]): string {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { from, to, text } of edits) {
    parts.push(data.subarray(end, from), Buffer.from(text));
    end = to;
  }
  return Buffer.concat([...parts, data.subarray(end)]).toString();
}
