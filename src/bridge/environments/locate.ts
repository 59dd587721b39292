import { access, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { PythonEnvironment } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { readLockText } from './lock-text.ts';
import { compareManifest, type Difference } from './manifest.ts';
import {
  dspyCacheFolder,
  type EnvironmentPaths,
  environmentPaths,
  environmentsFolder,
  sitePackagesFolder,
} from './paths.ts';
import { pythonProcessEnv } from './process-env.ts';
import { readStamp, type Stamp } from './stamp.ts';

/** State of an environment on this machine. */
export type EnvironmentStatus =
  /** Complete, unchanged, made from the lock as it is now. */
  | { readonly state: 'ready'; readonly stamp: Stamp }
  /** Nothing is there. */
  | { readonly state: 'missing' }
  /** An installation began and did not end. */
  | { readonly state: 'half-made' }
  /** Made from another lock, or on another kind of machine. */
  | { readonly state: 'outdated'; readonly stamp: Stamp }
  /** Files differ from what was installed. */
  | { readonly state: 'damaged'; readonly stamp: Stamp; readonly differences: readonly Difference[] };

/** Files that come after the manifest was made. */
const NOT_IN_MANIFEST = ['constitution-stamp.json'];

/** Checks an environment against the lock of that name and against its own stamp; about 100 ms. */
export async function environmentStatus(root: string, name: string): Promise<EnvironmentStatus> {
  const paths = environmentPaths(root, name);
  const stamp = await readStamp(paths.stamp);
  if (stamp === null) return { state: (await exists(paths.folder)) ? 'half-made' : 'missing' };
  const lock = await readLockText(root, name);
  if (stamp.lockSha256 !== lock?.sha256 || stamp.platform !== `${process.platform}-${process.arch}`)
    return { state: 'outdated', stamp };
  const differences = compareManifest(paths.folder, stamp.files, NOT_IN_MANIFEST);
  // A link to an interpreter that was removed or upgraded away is unchanged as a link.
  if (!(await exists(paths.python))) differences.push({ file: stamp.basePython, kind: 'missing' });
  return differences.length > 0 ? { state: 'damaged', stamp, differences } : { state: 'ready', stamp };
}

/**
 * The environment of a name, verified: complete, unchanged, and made from the lock as it is now.
 *
 * @throws ConstitutionError CX-ENV-MISSING or CX-ENV-DAMAGED with the command that cures it, CX-CONFIG-REFERENCE where
 * no such environment is declared.
 */
export async function locateEnvironment(root: string, name: string): Promise<PythonEnvironment> {
  const paths = environmentPaths(root, name);
  const status = await environmentStatus(root, name);
  const place = { file: `environments/${name}.lock` };
  const sync = `Run "vitest-constitution env sync ${name}".`;
  switch (status.state) {
    case 'ready':
      return describeEnvironment(paths, status.stamp);
    case 'missing':
      if (!(await exists(paths.lock))) throw await unknownEnvironment(root, name);
      throw new ConstitutionError('CX-ENV-MISSING', `the environment ${name} has not been made yet`, {
        place,
        hint: sync,
      });
    case 'outdated':
      throw new ConstitutionError('CX-ENV-MISSING', `the environment ${name} was made from another lock`, {
        place,
        hint: sync,
      });
    case 'half-made':
      throw new ConstitutionError('CX-ENV-DAMAGED', `the environment ${name} is half-made`, {
        place,
        hint: sync,
      });
    case 'damaged':
      throw new ConstitutionError(
        'CX-ENV-DAMAGED',
        `the environment ${name} differs from what was installed: ${summary(status.differences)}`,
        { place, hint: `Run "vitest-constitution env repair ${name}".` },
      );
  }
}

/** Names of what is in the folder of environments, declared or not; sorted. */
export async function installedNames(root: string): Promise<string[]> {
  const entries = await readdir(environmentsFolder(root), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** `file is missing`, `file was changed and 3 more`. */
export function summary(differences: readonly Difference[]): string {
  const words = { missing: 'is missing', changed: 'was changed', added: 'was added' };
  const [first] = differences;
  if (first === undefined) return 'nothing';
  const also = differences.length > 1 ? ` and ${differences.length - 1} more` : '';
  return `${first.file} ${words[first.kind]}${also}`;
}

async function describeEnvironment(linked: EnvironmentPaths, stamp: Stamp): Promise<PythonEnvironment> {
  // Python keeps bytecode by the path of its source: through a link, DSPy would be compiled once more for each link.
  const folder = await realpath(linked.folder);
  const paths = { ...linked, folder, python: path.join(folder, path.relative(linked.folder, linked.python)) };
  return {
    name: stamp.name,
    dspy: stamp.dspy,
    pythonVersion: stamp.python,
    python: paths.python,
    sitePackages: sitePackagesFolder(paths, stamp.python),
    cacheDir: dspyCacheFolder(paths),
    lockSha256: stamp.lockSha256,
    processEnv: pythonProcessEnv(paths),
  };
}

async function unknownEnvironment(root: string, name: string): Promise<ConstitutionError> {
  const files = await readdir(`${root}/environments`).catch(() => []);
  const known = files.filter((file) => file.endsWith('.lock')).map((file) => file.slice(0, -'.lock'.length));
  return new ConstitutionError('CX-CONFIG-REFERENCE', `there is no environment "${name}"`, {
    place: { file: `environments/${name}.yaml` },
    hint: didYouMean(name, known),
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
