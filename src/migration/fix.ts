import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Edit } from '../core/api-uses.ts';
import { writeAtomically } from '../io/write-atomically.ts';
import type { ScannedFile, Scanner } from './scan.ts';

/** Edits that touch the same place are made one after the other; so many in a row are not met. */
const MOST_ROUNDS = 20;

/** A file before and after its mechanical findings were mended. */
export interface FixedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** How many findings that mends, and what is left to find then. */
  readonly mended: number;
  readonly left: ScannedFile;
}

/** A file that is left as it is although something of it could be mended, and why. */
export interface RefusedFile {
  readonly file: string;
  readonly refused: string;
}

/**
 * Mends what can be mended without a change of meaning, in memory. A file whose new text is no program, or holds any finding
 * that it did not hold before, is left as it is; so is one that is another one by now.
 *
 * @returns null where there is nothing to mend.
 */
export async function fixFile(
  scanner: Pick<Scanner, 'scanText'>,
  base: string,
  scanned: ScannedFile,
): Promise<FixedFile | RefusedFile | null> {
  if (editsOf(scanned).length === 0) return null;
  const { file } = scanned;
  const refuse = (refused: string) => ({ file, refused });
  const data = await readFile(path.join(base, file)).catch(() => null);
  if (data === null) return refuse('it cannot be read any more');
  const before = data.toString();
  let [after, left] = [before, await scanner.scanText(file, before)];
  if (JSON.stringify(left) !== JSON.stringify(scanned)) return refuse('it was changed meanwhile');
  for (let round = 0; round < MOST_ROUNDS && editsOf(left).length > 0; round++) {
    const edits = withoutOverlaps(editsOf(left));
    const expected = left.findings.length - edits.length;
    after = applied(Buffer.from(after), edits);
    left = await scanner.scanText(file, after);
    if (left.fault !== null) return refuse(`it would be no program: ${left.fault.message}`);
    if (left.findings.length !== expected) return refuse('something else would be found then');
  }
  return { file, before, after, mended: scanned.findings.length - left.findings.length, left };
}

/**
 * Writes a mended file in the place of the one it was made of, with the same permissions; of a link, where that leads to.
 *
 * @returns false, and nothing is written, where the file is another one by now.
 */
export async function writeFixed(base: string, { file, before, after }: FixedFile): Promise<boolean> {
  const target = await realpath(path.join(base, file));
  if ((await readFile(target, 'utf8')) !== before) return false;
  await writeAtomically(target, after, { mode: (await stat(target)).mode });
  return true;
}

function editsOf({ findings }: ScannedFile): Edit[] {
  return findings.flatMap(({ edits }) => edits);
}

/** Of edits that touch the same bytes the first. */
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
