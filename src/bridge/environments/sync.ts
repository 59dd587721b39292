import { mkdir, rm } from 'node:fs/promises';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { ENVIRONMENT_BYTES, requireDisk } from './disk.ts';
import { installEnvironment, removeEnvironment } from './install.ts';
import { findInstaller, type Installer } from './installer.ts';
import { findPython, SUPPORTED_PYTHON } from './interpreter.ts';
import { environmentStatus, installedNames, summary } from './locate.ts';
import { readLock } from './lock-text.ts';
import { DERIVED, environmentPaths, environmentsFolder, stateFolder } from './paths.ts';
import { installerProcessEnv } from './process-env.ts';
import { takeSyncLock } from './sync-lock.ts';

/** One step of the work; `environment` is null where it concerns all. */
export interface SyncProgress {
  readonly environment: string | null;
  readonly message: string;
}

export interface SyncOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Variables of the caller: index, proxy, `CONSTITUTION_PYTHON`, ...; by default `process.env`. */
  readonly caller?: NodeJS.ProcessEnv;
  /** Disk that each environment must find free, in bytes. */
  readonly bytesEach?: number;
}

/** What a sync did. */
export interface SyncResult {
  readonly ready: readonly string[];
  readonly installed: readonly string[];
}

/**
 * Brings every given environment to what its lock says; those that are ready are left alone, without looking for Python
 * or uv. Safe against another sync at the same time, and against being killed at any moment.
 *
 * @throws ConstitutionError CX-ENV-LOCK, CX-ENV-DISK, CX-PYTHON-MISSING, CX-PYTHON-VERSION, CX-ENV-INSTALL
 */
export async function syncEnvironments(
  root: string,
  declarations: readonly EnvironmentDeclaration[],
  options: SyncOptions = {},
): Promise<SyncResult> {
  const locks = new Map(
    await Promise.all(declarations.map(async (one) => [one.name, await readLock(root, one)] as const)),
  );
  const { ready, stale } = await partition(root, declarations);
  if (stale.length === 0) return { ready, installed: [] };

  await requireDisk(stateFolder(root), stale.length, options.bytesEach ?? ENVIRONMENT_BYTES);
  return underLock(root, stale, options, async (lockFd, installerFor) => {
    // Another process may have done the work while this one waited.
    const again = await partition(root, stale, options);
    const making = again.stale.map(async (declaration) => {
      const lock = locks.get(declaration.name);
      if (lock === undefined)
        throw new ConstitutionError('CX-INTERNAL', `no lock was read for ${declaration.name}`);
      await installEnvironment({
        declaration,
        paths: environmentPaths(root, declaration.name),
        lock,
        installer: await installerFor(declaration),
        lockFd,
        caller: options.caller ?? process.env,
        signal: options.signal,
        onStep: (message) => options.onProgress?.({ environment: declaration.name, message }),
      });
      options.onProgress?.({ environment: declaration.name, message: 'ready' });
    });
    // Side by side: each is for the most part one process on one core. The lock is held until the last has ended.
    for (const made of await Promise.allSettled(making)) if (made.status === 'rejected') throw made.reason;
    return {
      ready: [...ready, ...again.ready],
      installed: again.stale.map((declaration) => declaration.name),
    };
  });
}

/** Removes an environment, its bytecode and its caches, and makes it anew. */
export async function repairEnvironment(
  root: string,
  declaration: EnvironmentDeclaration,
  options: SyncOptions = {},
): Promise<void> {
  await readLock(root, declaration);
  await underLock(root, [declaration], options, async () => {
    const paths = environmentPaths(root, declaration.name);
    options.onProgress?.({ environment: declaration.name, message: 'removing what is there' });
    await removeEnvironment(paths);
    await rm(paths.cache, { recursive: true, force: true });
  });
  await syncEnvironments(root, [declaration], options);
}

/**
 * Removes environments that are installed but neither declared nor derived from one that is, or every one with `all`.
 *
 * @returns the names of what was removed.
 */
export async function cleanEnvironments(
  root: string,
  declarations: readonly EnvironmentDeclaration[],
  options: SyncOptions & { readonly all?: boolean } = {},
): Promise<string[]> {
  const declared = new Set(declarations.map((declaration) => declaration.name));
  const baseOf = (name: string) => name.split(DERIVED)[0] as string;
  const surplus = (await installedNames(root)).filter((name) => options.all || !declared.has(baseOf(name)));
  if (surplus.length === 0) return [];
  await underLock(root, declarations, options, async () => {
    for (const name of surplus) {
      options.onProgress?.({ environment: name, message: 'removing' });
      const paths = environmentPaths(root, name);
      await removeEnvironment(paths);
      await rm(paths.cache, { recursive: true, force: true });
    }
  });
  return surplus;
}

async function partition(
  root: string,
  declarations: readonly EnvironmentDeclaration[],
  options: SyncOptions = {},
): Promise<{ ready: string[]; stale: EnvironmentDeclaration[] }> {
  const ready: string[] = [];
  const stale: EnvironmentDeclaration[] = [];
  for (const declaration of declarations) {
    const status = await environmentStatus(root, declaration.name);
    if (status.state === 'ready') {
      ready.push(declaration.name);
      continue;
    }
    stale.push(declaration);
    const message = status.state === 'damaged' ? `damaged: ${summary(status.differences)}` : status.state;
    options.onProgress?.({ environment: declaration.name, message });
  }
  return { ready, stale };
}

/** Runs `work` while holding the lock on the environments; `installerFor` finds Python and uv once for each range. */
async function underLock<Result>(
  root: string,
  declarations: readonly EnvironmentDeclaration[],
  options: SyncOptions,
  work: (
    lockFd: number,
    installerFor: (one: EnvironmentDeclaration) => Promise<Installer>,
  ) => Promise<Result>,
): Promise<Result> {
  const { signal } = options;
  const caller = options.caller ?? process.env;
  const note = (message: string) => options.onProgress?.({ environment: null, message });
  const found = new Map<string, Promise<Installer>>();
  const installerOf = (python: string) => {
    const known = found.get(python) ?? findInstaller({ root, python, caller, signal, onFetch: note });
    found.set(python, known);
    return known;
  };
  await mkdir(environmentsFolder(root), { recursive: true });
  const python = await findPython(declarations[0]?.python ?? SUPPORTED_PYTHON, caller, signal);
  const lock = await takeSyncLock(root, {
    python: python.executable,
    env: installerProcessEnv(caller),
    signal,
    onWait: () => note('waiting for another process that changes environments'),
  });
  try {
    return await work(lock.fd, (declaration) => installerOf(declaration.python));
  } finally {
    await lock.release();
  }
}
