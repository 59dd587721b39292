import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentDeclaration, PythonEnvironment } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson } from '../../core/json.ts';
import { locateEnvironment } from './locate.ts';
import { readLock } from './lock-text.ts';
import { parseLock } from './packages.ts';
import { DERIVED, environmentPaths } from './paths.ts';
import { resolveLock } from './resolve-lock.ts';
import { type SyncOptions, syncEnvironments } from './sync.ts';

/**
 * Makes an environment that holds all that another one does, in the same versions, and further packages. Its lock
 * `environments/derived/<base>+<label>.lock` is resolved under that of its base where there is none for it yet, and is to be
 * committed as the other locks are. Environments with the same requirements are one.
 *
 * @param label Says what it is for; path-safe.
 * @param requirements In the form of pip (PEP 508).
 * @throws ConstitutionError CX-ENV-LOCK where the requirements do not go with the base or its lock is not current, and as
 * {@link syncEnvironments}.
 */
export async function deriveEnvironment(
  root: string,
  base: EnvironmentDeclaration,
  { label, requirements }: { readonly label: string; readonly requirements: readonly string[] },
  options: SyncOptions = {},
): Promise<PythonEnvironment> {
  const locked = await readLock(root, base);
  const wanted = [...new Set(requirements)].sort();
  const name = `${base.name}${DERIVED}${label}-${hashJson(wanted).slice(0, 8)}`;
  const derived: EnvironmentDeclaration = {
    name,
    dspy: base.dspy,
    python: base.python,
    requirements: [...base.requirements, ...wanted],
    // What the base's lock says binds this one, and a change of it makes this one's out of date.
    constraints: path.posix.join('environments', `${base.name}.lock`),
  };
  if (!(await isCurrent(root, derived))) {
    await mkdir(path.dirname(environmentPaths(root, name).lock), { recursive: true });
    await resolveLock(root, derived, options);
    const { text } = await readLock(root, derived);
    requireContained(name, parseLock(locked.text), parseLock(text));
  }
  await syncEnvironments(root, [derived], options);
  return locateEnvironment(root, name);
}

async function isCurrent(root: string, derived: EnvironmentDeclaration): Promise<boolean> {
  try {
    await readLock(root, derived);
    return true;
  } catch (error) {
    if (error instanceof ConstitutionError && error.code === 'CX-ENV-LOCK') return false;
    throw error;
  }
}

/** A resolver that kept a version of the base out would make two environments that differ in more than was asked for. */
function requireContained(
  name: string,
  base: ReturnType<typeof parseLock>,
  derived: ReturnType<typeof parseLock>,
): void {
  const versions = new Set(derived.map((entry) => `${entry.name}==${entry.version}`));
  const moved = base.find((entry) => !versions.has(`${entry.name}==${entry.version}`));
  if (moved === undefined) return;
  throw new ConstitutionError(
    'CX-ENV-LOCK',
    `the lock of ${name} lacks ${moved.name} ${moved.version} of its base`,
    {
      hint: 'Lock the base anew with "vitest-constitution env lock".',
    },
  );
}
