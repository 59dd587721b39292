import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { placeAt } from '../core/locate-in-source.ts';

/** Exact versions by package, names in lower case: what the lock files of a project install. */
export type LockedVersions = ReadonlyMap<string, ReadonlySet<string>>;

/** A version that a text names of a package that is locked to others. */
export interface OtherVersion {
  readonly name: string;
  readonly version: string;
  readonly locked: readonly string[];
  readonly line: number;
}

const LOCK_FILES = ['environments/*.lock', '*requirements*.txt', 'package-lock.json'];

/** Reads lock files of pip (`name==1.2.3`) and npm (what package.json itself asks for). One that cannot be read locks nothing. */
export async function readLockedVersions(root: string): Promise<LockedVersions> {
  const { default: glob } = await import('fast-glob');
  const locked = new Map<string, Set<string>>();
  const add = (name: string, version: string) => {
    const key = name.toLowerCase();
    locked.set(key, (locked.get(key) ?? new Set()).add(version));
  };
  for (const file of await glob(LOCK_FILES, { cwd: root })) {
    const text = await readFile(path.join(root, file), 'utf8').catch(() => '');
    if (file.endsWith('.json')) {
      for (const [name, version] of packagesOf(text)) add(name, version);
    } else {
      for (const [, name = '', version = ''] of text.matchAll(/^([A-Za-z0-9][\w.-]*)==([\w.+!-]+)/gm))
        add(name, version);
    }
  }
  return locked;
}

function packagesOf(text: string): [name: string, version: string][] {
  try {
    const { packages = {} } = JSON.parse(text) as {
      packages?: Record<string, { version?: string; dependencies?: object; devDependencies?: object }>;
    };
    const { dependencies = {}, devDependencies = {} } = packages[''] ?? {};
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)].flatMap((name) => {
      const version = packages[`node_modules/${name}`]?.version;
      return version === undefined ? [] : [[name, version] as [string, string]];
    });
  } catch {
    return [];
  }
}

/** `dspy==3.0.1`, `vitest@4.1.12`, `DSPy 3.0.1`: full versions only, since `vitest 4.1` may mean a line of them. */
const NAMED = /(@?[A-Za-z][\w./-]*?)(?:==|@| )v?(\d+\.\d+\.\d+(?:[\w.+-]*\w)?)/g;

/**
 * Versions that a text names of locked packages and that no lock has.
 *
 * @param others What may be named all the same, as `<package> <version>`.
 */
export function otherVersionsIn(
  text: string,
  locked: LockedVersions,
  others: readonly string[],
): OtherVersion[] {
  const allowed = new Set(others.map((other) => other.toLowerCase()));
  return [...text.matchAll(NAMED)].flatMap((match): OtherVersion[] => {
    const [, name = '', version = ''] = match;
    const known = locked.get(name.toLowerCase());
    if (known === undefined || known.has(version) || allowed.has(`${name} ${version}`.toLowerCase()))
      return [];
    return [{ name, version, locked: [...known].sort(), line: placeAt(text, match.index).line }];
  });
}
