import { ConstitutionError } from '../core/errors.ts';
import { coderDraft, coderFiles, type Description } from './bug-files.ts';
import { type BugPlace, freeId, idOf, requireFree, requireId } from './bug-folder.ts';
import { isNoBug, type MadeBug, type NoBug } from './maker.ts';
import type { Proposal } from './new-bug.ts';

/** What a person asked of a new bug; the rest is found. */
export interface Wishes {
  /** Absolute folder of the roles. */
  readonly base: string;
  readonly force: boolean;
  readonly id?: string | undefined;
  readonly kind?: string | undefined;
  readonly difficulty?: number | undefined;
  readonly title?: string | undefined;
  readonly entry?: string | undefined;
}

/** What a source says of itself, for what nobody wished. */
export interface Origin {
  /** A name for the id: often that of the function. */
  readonly name: string;
  readonly title: string;
  /** Why there may be less than a whole bug. */
  readonly remarks: readonly string[];
  /** Programs before and after, for a draft where no function could be found. */
  readonly programs?: { readonly before: string; readonly after: string };
}

const USUAL_DIFFICULTY = 2;
const TITLE_WIDTH = 100;

/** A Coder bug out of what was made: complete, or a draft that says what is missing. */
export async function proposeCoderBug(
  made: MadeBug | NoBug,
  wishes: Wishes,
  origin: Origin,
): Promise<Proposal> {
  const entry = isNoBug(made) ? (wishes.entry ?? 'TODO') : made.entry;
  const kind = wishes.kind ?? (isNoBug(made) ? 'wrong-step' : made.kind);
  const title = wishes.title ?? (origin.title || `${entry}: ${kind}`);
  const description: Description = {
    kind,
    difficulty: wishes.difficulty ?? USUAL_DIFFICULTY,
    title: title.slice(0, TITLE_WIDTH),
  };
  const place = await placeFor(wishes, entry === 'TODO' ? origin.name : entry);
  if (!isNoBug(made) && made.why === null) {
    const { why: _, left: __, what: ___, ...bug } = made;
    return { place, description, files: coderFiles(description, bug), missing: [] };
  }
  const missing = [made.why ?? '', ...origin.remarks].filter(Boolean);
  const known = isNoBug(made)
    ? {
        entry,
        buggy: origin.programs?.before ?? '',
        fixed: origin.programs?.after ?? '',
        line: 1,
        examples: [],
        hidden: [],
      }
    : made;
  return { place, description, files: coderDraft(description, known, missing), missing };
}

async function placeFor(wishes: Wishes, name: string): Promise<BugPlace> {
  const { base, force } = wishes;
  const role = 'coder' as const;
  if (wishes.id !== undefined) {
    const place = { base, role, id: requireId(wishes.id) };
    await requireFree(place, force);
    return place;
  }
  const id = idOf(name);
  if (id === '') {
    throw new ConstitutionError('CX-USAGE', `no id can be made of "${name}"`, {
      hint: 'Name one with --id.',
    });
  }
  return { base, role, id: await freeId({ base, role, id }) };
}
