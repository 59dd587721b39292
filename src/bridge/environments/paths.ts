import path from 'node:path';

/** Where everything about one environment is. Absolute paths. */
export interface EnvironmentPaths {
  /** The virtual environment. */
  readonly folder: string;
  readonly python: string;
  /** Written last: without it the folder counts as half-made. */
  readonly stamp: string;
  /** The committed lock. */
  readonly lock: string;
  readonly declaration: string;
  /** Everything its interpreter may write: DSPy's cache, bytecode, home. */
  readonly cache: string;
}

/** Folder of everything made at run time; git-ignored. */
export function stateFolder(root: string): string {
  return path.join(root, '.constitution');
}

export function environmentsFolder(root: string): string {
  return path.join(stateFolder(root), 'envs');
}

/** What parts the name of a derived environment from that of its base; no declared name has it. */
export const DERIVED = '+';

export function environmentPaths(root: string, name: string): EnvironmentPaths {
  const folder = path.join(environmentsFolder(root), name);
  // A folder of their own: what is beside the declarations is part of what the gate's figures are made from.
  const locks = path.join(root, 'environments', ...(name.includes(DERIVED) ? ['derived'] : []));
  return {
    folder,
    python: path.join(folder, 'bin', 'python'),
    stamp: path.join(folder, 'constitution-stamp.json'),
    lock: path.join(locks, `${name}.lock`),
    declaration: path.join(root, 'environments', `${name}.yaml`),
    cache: path.join(stateFolder(root), 'cache', name),
  };
}

/** DSPy's own cache folder of an environment. */
export function dspyCacheFolder(paths: EnvironmentPaths): string {
  return path.join(paths.cache, 'dspy');
}

/** `lib/python3.11/site-packages` of the environment, for a full Python version. */
export function sitePackagesFolder(paths: EnvironmentPaths, pythonVersion: string): string {
  const [major, minor] = pythonVersion.split('.');
  return path.join(paths.folder, 'lib', `python${major}.${minor}`, 'site-packages');
}
