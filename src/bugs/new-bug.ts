import path from 'node:path';
import type { BugFinding } from '../core/bug-proof.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { BugRole } from '../core/seeded-bug.ts';
import type { Description } from './bug-files.ts';
import {
  type BugFiles,
  type BugPlace,
  folderOf,
  moveBug,
  requireFree,
  stagingArea,
  writeBug,
} from './bug-folder.ts';
import type { Provers } from './prover.ts';
import { verifyBugs } from './verify.ts';

/** What a command makes of a bug before it is written. */
export interface Proposal {
  readonly place: BugPlace;
  readonly description: Description;
  readonly files: BugFiles;
  /** Why it is a draft; empty for a bug that shall be proven. */
  readonly missing: readonly string[];
}

/** What became of it. */
export interface NewBug {
  /** `<role>/<id>`. */
  readonly bug: string;
  readonly role: BugRole;
  readonly id: string;
  /** Where it was written. */
  readonly folder: string;
  readonly kind: string;
  readonly title: string;
  /** Whether it was proven; a draft waits for its author. */
  readonly proven: boolean;
  readonly missing: readonly string[];
  readonly detail: string;
}

export interface WriteOptions {
  readonly root: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Provers that run already, see {@link verifyBugs}. */
  readonly provers?: Provers;
}

/**
 * Writes a bug whole or not at all. One that shall be proven is proven first.
 *
 * @throws ConstitutionError CX-BUG-EXISTS, CX-BUG-INVALID with every finding in `details` where the proof fails.
 */
export async function writeNewBug(proposal: Proposal, options: WriteOptions): Promise<NewBug> {
  const { place, files, missing, description } = proposal;
  const { force, ...proving } = options;
  await requireFree(place, force);
  const staging = await stagingArea(place.base);
  try {
    const staged = { ...place, base: staging.base };
    await writeBug(staged, files);
    let detail = missing.join('; ');
    if (missing.length === 0) {
      const [proof] = await verifyBugs({ ...proving, folder: staging.base, beside: place.base });
      if (proof === undefined || !proof.proven) throw unproven(place, proof?.findings ?? [], staging.base);
      detail = proof.detail;
    }
    await moveBug(staged, place);
    const { kind, title } = description;
    const { role, id } = place;
    const folder = folderOf(place);
    return {
      bug: `${role}/${id}`,
      role,
      id,
      folder,
      kind,
      title,
      proven: missing.length === 0,
      missing,
      detail,
    };
  } finally {
    await staging.remove();
  }
}

/** The proof's findings, with places in the bug's files rather than in the place where it was tried. */
function unproven(place: BugPlace, findings: readonly BugFinding[], staging: string): ConstitutionError {
  const told = findings.map(({ code, message, place: at }) => {
    const file = at === null ? '' : path.basename(at.file);
    const where = file === '' || file === place.id ? '' : ` (${file}${at?.line ? `:${at.line}` : ''})`;
    return `${code} ${message.replaceAll(staging, place.base)}${where}`;
  });
  return new ConstitutionError('CX-BUG-INVALID', `the bug is not proven: ${told.join('; ')}`, {
    hint: findings[0]?.hint ?? 'Nothing was written.',
    details: { findings: told },
  });
}
