import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { Installer } from './installer.ts';
import type { LockText } from './lock-text.ts';
import { type Manifest, makeManifest } from './manifest.ts';
import { parseLock } from './packages.ts';
import { dspyCacheFolder, type EnvironmentPaths, sitePackagesFolder } from './paths.ts';
import { uvOptions } from './pip-settings.ts';
import { pythonProcessEnv } from './process-env.ts';
import { recordDifferences } from './record.ts';
import { runCommand } from './run-command.ts';
import { STAMP_FORMAT, writeStamp } from './stamp.ts';

export interface InstallRequest {
  readonly declaration: EnvironmentDeclaration;
  readonly paths: EnvironmentPaths;
  readonly lock: LockText;
  readonly installer: Installer;
  /** Descriptor of the lock on the environments; every child keeps it open. */
  readonly lockFd: number;
  readonly caller: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly onStep: (step: string) => void;
}

/** Prints the version of DSPy; importing it writes the bytecode of everything a run needs. */
const IMPORT = 'import dspy, importlib.metadata; print(importlib.metadata.version("dspy"))';

/**
 * Makes an environment anew: removes what is there, installs the lock with every hash checked, compares every file with
 * its package's RECORD, imports DSPy once, and only then writes the stamp.
 *
 * @throws ConstitutionError CX-ENV-INSTALL with the end of the installer's output.
 */
export async function installEnvironment(request: InstallRequest): Promise<void> {
  const { declaration, paths, lock, installer } = request;
  const { interpreter, uv } = installer;
  await removeEnvironment(paths);
  await mkdir(path.dirname(paths.folder), { recursive: true });
  const sitePackages = sitePackagesFolder(paths, interpreter.version);

  request.onStep(`installing with ${uv ? `uv ${uv.version}` : 'pip'}`);
  if (uv) await installWithUv(uv.command, request);
  else await installWithPip(request);
  let files = makeManifest(paths.folder);
  if (uv && recordDifferences(paths.folder, sitePackages, files).length > 0) {
    request.onStep('the cache of uv is damaged; installing without it');
    await rm(paths.folder, { recursive: true, force: true });
    await installWithUv(uv.command, request, ['--no-cache']);
    files = makeManifest(paths.folder);
  }
  requireRecorded(request, sitePackages, files);

  request.onStep('importing DSPy once');
  await importOnce(request);
  await writeStamp(paths.stamp, {
    format: STAMP_FORMAT,
    name: declaration.name,
    dspy: declaration.dspy,
    python: interpreter.version,
    basePython: interpreter.executable,
    platform: `${process.platform}-${process.arch}`,
    lockSha256: lock.sha256,
    installer: uv ? `uv ${uv.version}` : 'pip',
    createdAt: new Date().toISOString(),
    markers: interpreter.markers,
    files,
  });
}

/** Removes an environment and its bytecode, the stamp first; its DSPy cache stays. */
export async function removeEnvironment(paths: EnvironmentPaths): Promise<void> {
  await rm(paths.stamp, { force: true });
  await rm(paths.folder, { recursive: true, force: true });
  await rm(path.join(paths.cache, 'pycache'), { recursive: true, force: true });
}

async function installWithUv(
  uv: string,
  request: InstallRequest,
  more: readonly string[] = [],
): Promise<void> {
  const { paths, installer } = request;
  const base = installer.interpreter.executable;
  const venv = ['venv', '--quiet', '--no-project', '--relocatable', '--python', base, paths.folder];
  await run(uv, venv, request);
  const sync = ['pip', 'sync', '--quiet', '--require-hashes', '--python', paths.python];
  sync.push(...uvOptions(installer.env), ...more, paths.lock);
  try {
    await run(uv, sync, request);
  } catch (error) {
    if (request.signal?.aborted || request.installer.env['UV_OFFLINE']) throw error;
    // Without a network uv asks the index in vain about packages that its cache holds.
    await run(uv, [...sync, '--offline'], request).catch(() => {
      throw error;
    });
  }
}

async function installWithPip(request: InstallRequest): Promise<void> {
  const { paths, installer, lock } = request;
  await run(installer.interpreter.executable, ['-I', '-m', 'venv', paths.folder], request);
  const pip = ['-I', '-m', 'pip', '--quiet'];
  const install = ['install', '--require-hashes', '--no-deps', '--no-compile', '--requirement', paths.lock];
  await run(paths.python, [...pip, ...install], request);
  // The lock is all there is to be: what venv brought along goes, unless the lock asks for it too.
  const locked = new Set(parseLock(lock.text).map((entry) => entry.name));
  const seeded = ['setuptools', 'pip'].filter((name) => !locked.has(name));
  await run(paths.python, [...pip, 'uninstall', '--yes', ...seeded], request);
}

function run(file: string, args: readonly string[], request: InstallRequest): Promise<string> {
  return runCommand(file, args, {
    env: request.installer.env,
    signal: request.signal,
    keepOpen: request.lockFd,
    failure: {
      code: 'CX-ENV-INSTALL',
      message: `the environment ${request.declaration.name} could not be installed`,
      hint:
        request.installer.uv === null
          ? 'See the output of pip above; Python needs its venv and ensurepip modules where uv cannot be had.'
          : 'See the output of uv above; proxies, indexes and wheel folders set for pip or uv are used.',
    },
  });
}

function requireRecorded(request: InstallRequest, sitePackages: string, files: Manifest): void {
  const [first, ...others] = recordDifferences(request.paths.folder, sitePackages, files);
  if (first === undefined) return;
  const also = others.length > 0 ? ` and ${others.length} more` : '';
  throw new ConstitutionError(
    'CX-ENV-INSTALL',
    `installed files are not what their packages say: ${first}${also}`,
    {
      hint: 'The disk or the cache of the installer may be damaged; "uv cache clean" or "pip cache purge" empties it.',
    },
  );
}

async function importOnce(request: InstallRequest): Promise<void> {
  const { declaration, paths } = request;
  await mkdir(path.join(paths.cache, 'home'), { recursive: true });
  await mkdir(dspyCacheFolder(paths), { recursive: true });
  const message = `DSPy cannot be imported in the environment ${declaration.name}`;
  const output = await runCommand(paths.python, ['-c', IMPORT], {
    env: pythonProcessEnv(paths, request.caller),
    cwd: path.join(paths.cache, 'home'),
    signal: request.signal,
    keepOpen: request.lockFd,
    failure: { code: 'CX-ENV-INSTALL', message },
  });
  const version = output.trim().split('\n').at(-1);
  if (version === declaration.dspy) return;
  throw new ConstitutionError(
    'CX-ENV-INSTALL',
    `the environment ${declaration.name} has DSPy ${version}, declared is ${declaration.dspy}`,
    { hint: `Run "vitest-constitution env lock ${declaration.name}".` },
  );
}
