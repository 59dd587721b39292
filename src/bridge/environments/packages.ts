import { readdir } from 'node:fs/promises';
import { evaluateMarker } from './markers.ts';

/** One entry of a lock. */
export interface LockedPackage {
  /** Normalised name (PEP 503). */
  readonly name: string;
  readonly version: string;
  /** The environments it is for; empty for all. */
  readonly marker: string;
}

/** A package whose installed version is not the locked one; null stands for absent. */
export interface PackageDifference {
  readonly name: string;
  readonly locked: string | null;
  readonly installed: string | null;
}

/** Reads the pins of a lock. */
export function parseLock(text: string): LockedPackage[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$/.exec(
      line,
    );
    if (match === null) return [];
    return [{ name: normalise(match[1] as string), version: match[2] as string, marker: match[3] ?? '' }];
  });
}

/** Installed packages by normalised name, from the `.dist-info` folders. */
export async function installedPackages(sitePackages: string): Promise<Map<string, string>> {
  const installed = new Map<string, string>();
  for (const entry of await readdir(sitePackages)) {
    const match = /^(.+)-([^-]+)\.dist-info$/.exec(entry);
    if (match !== null) installed.set(normalise(match[1] as string), match[2] as string);
  }
  return installed;
}

/** Where what is installed differs from what the lock asks for under the given marker values; sorted by name. */
export function comparePackages(
  locked: readonly LockedPackage[],
  installed: ReadonlyMap<string, string>,
  markers: Readonly<Record<string, string>>,
): PackageDifference[] {
  const wanted = new Map(
    locked
      .filter((entry) => entry.marker === '' || evaluateMarker(entry.marker, markers))
      .map((entry) => [entry.name, entry.version]),
  );
  return [...new Set([...wanted.keys(), ...installed.keys()])]
    .sort()
    .map((name) => ({ name, locked: wanted.get(name) ?? null, installed: installed.get(name) ?? null }))
    .filter((entry) => entry.locked !== entry.installed);
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
