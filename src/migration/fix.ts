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

/** What becomes of one file, as far as that is known. */
interface Draft {
  readonly before: string;
  after: string;
  left: ScannedFile;
  refused: string | null;
}

/**
 * Mends what can be mended without a change of meaning, in memory. A file whose new text is no program, or holds any finding
 * that it did not hold before, is left as it is; so is one that is another one by now.
 *
 * @returns for each file in order what becomes of it, null where there is nothing to mend.
 */
export async function fixFiles(
  scanner: Pick<Scanner, 'scanTexts'>,
  base: string,
  scanned: readonly ScannedFile[],
): Promise<(FixedFile | RefusedFile | null)[]> {
  const drafts = await Promise.all(scanned.map((row) => draftOf(base, row)));
  const every = drafts.filter((draft) => draft !== null);
  await rescan(scanner, base, every, (draft, row) =>
    JSON.stringify(row) === JSON.stringify(draft.left) ? null : 'it was changed meanwhile',
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const open = every.filter(({ refused, left }) => refused === null && editsOf(left).length > 0);
    if (open.length === 0) break;
    const expected = new Map<Draft, number>();
    for (const draft of open) {
      const made = withoutOverlaps(draft.left);
      expected.set(draft, draft.left.findings.length - made.length);
      draft.after = applied(Buffer.from(draft.after), made.flat());
    }
    await rescan(scanner, base, open, (draft, { fault, findings }) => {
      if (fault !== null) return `it would be no program: ${fault.message}`;
      return findings.length === expected.get(draft) ? null : 'something else would be found then';
    });
  }
  return drafts.map((draft, index) => {
    const { file, findings } = scanned[index] as ScannedFile;
    if (draft === null) return null;
    const { before, after, left, refused } = draft;
    if (refused !== null) return { file, refused };
    return { file, before, after, mended: findings.length - left.findings.length, left };
  });
}

async function draftOf(base: string, row: ScannedFile): Promise<Draft | null> {
  if (editsOf(row).length === 0) return null;
  const data = await readFile(path.join(base, row.file)).catch(() => null);
  const before = data?.toString() ?? '';
  return { before, after: before, left: row, refused: data === null ? 'it cannot be read any more' : null };
}

/** Looks at the texts of drafts again, beside the other files as they are; `refuse` says why one cannot be. */
async function rescan(
  scanner: Pick<Scanner, 'scanTexts'>,
  base: string,
  drafts: readonly Draft[],
  refuse: (draft: Draft, row: ScannedFile) => string | null,
): Promise<void> {
  const readable = drafts.filter(({ refused }) => refused === null);
  const rows = await scanner.scanTexts(
    base,
    Object.fromEntries(readable.map(({ left, after }) => [left.file, after])),
  );
  const byFile = new Map(rows.map((row) => [row.file, row]));
  for (const draft of readable) {
    const row = byFile.get(draft.left.file) as ScannedFile;
    draft.refused = refuse(draft, row);
    draft.left = row;
  }
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

/** The edits of findings; of those that touch the same bytes the first. */
function withoutOverlaps({ findings }: ScannedFile): (readonly Edit[])[] {
  const kept: (readonly Edit[])[] = [];
  const taken: Edit[] = [];
  const free = ({ from, to }: Edit) => taken.every((other) => to <= other.from || from >= other.to);
  for (const { edits } of findings) {
    if (edits.length === 0 || !edits.every(free)) continue;
    kept.push(edits);
    taken.push(...edits);
  }
  return kept;
}

function applied(data: Buffer, edits: readonly Edit[]): string {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { from, to, text } of [...edits].sort((a, b) => a.from - b.from)) {
    parts.push(data.subarray(end, from), Buffer.from(text));
    end = to;
  }
  return Buffer.concat([...parts, data.subarray(end)]).toString();
}
