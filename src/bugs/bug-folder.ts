import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';
import type { BugRole } from '../core/seeded-bug.ts';

/** Where a bug goes: `<base>/<role>/<id>/`. */
export interface BugPlace {
  /** Absolute folder of the roles, e.g. `seeded-bugs/`. */
  readonly base: string;
  readonly role: BugRole;
  readonly id: string;
}

/** Text of a bug's files by name. */
export type BugFiles = Readonly<Record<string, string>>;

export function folderOf({ base, role, id }: BugPlace): string {
  return path.join(base, role, id);
}

/** An id made of any name: `sum_to_n` becomes `sum-to-n`; empty where nothing of it can be in one. */
export function idOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** @throws ConstitutionError CX-USAGE where it cannot be the name of a bug's folder. */
export function requireId(id: string): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) return id;
  throw new ConstitutionError('CX-USAGE', `"${id}" is no id of a seeded bug`, {
    hint: 'Use lower case, words joined by hyphens, e.g. sum-to-n.',
  });
}

export function isTaken(place: BugPlace): Promise<boolean> {
  return lstat(folderOf(place)).then(
    () => true,
    () => false,
  );
}

/** @throws ConstitutionError CX-BUG-EXISTS where the folder is there and is not to be replaced. */
export async function requireFree(place: BugPlace, force: boolean): Promise<void> {
  if (force || !(await isTaken(place))) return;
  throw new ConstitutionError('CX-BUG-EXISTS', `there is already a seeded bug ${place.role}/${place.id}`, {
    place: { file: folderOf(place) },
    hint: 'Choose another --id, or replace it with --force.',
  });
}

/** The first of `id`, `id-2`, `id-3`, … that is not taken. */
export async function freeId(place: BugPlace): Promise<string> {
  for (let number = 1; ; number++) {
    const id = number === 1 ? place.id : `${place.id}-${number}`;
    if (!(await isTaken({ ...place, id }))) return id;
  }
}

/**
 * A place beside the bugs to write to first: what is in there becomes a bug when it is moved. Its name begins with a dot,
 * so it is no role; `remove` takes it away with whatever is left in it.
 */
export async function stagingArea(base: string): Promise<{ base: string; remove(): Promise<void> }> {
  const staging = path.join(base, `.new-${randomUUID()}`);
  let made: string | undefined;
  try {
    made = await mkdir(staging, { recursive: true });
  } catch (cause) {
    throw unwritable(base, cause);
  }
  const remove = async () => {
    await rm(staging, { recursive: true, force: true });
    // A folder that was made for nothing goes away too; one with bugs in it stays.
    for (let folder = base; made !== undefined && folder.startsWith(made); folder = path.dirname(folder))
      await rmdir(folder).catch(() => {});
  };
  return { base: staging, remove };
}

/** Writes the files of a bug; into a staging area, for a reader must never see a part. */
export async function writeBug(place: BugPlace, files: BugFiles): Promise<void> {
  const folder = folderOf(place);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

/** Moves a written bug to its place, whole. What was there is replaced, and put back where the move fails. */
export async function moveBug(from: BugPlace, to: BugPlace): Promise<void> {
  const [source, target] = [folderOf(from), folderOf(to)];
  const old = `${source}.old`;
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const replaced = await rename(target, old).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return false;
      },
    );
    try {
      await rename(source, target);
    } catch (error) {
      if (replaced) await rename(old, target);
      throw error;
    }
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

function unwritable(file: string, cause: unknown): ConstitutionError {
  return new ConstitutionError('CX-BUG-SOURCE', `the folder cannot be written: ${(cause as Error).message}`, {
    place: { file },
    hint: 'Is it a folder that may be written?',
    cause,
  });
}
