import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConstitutionError } from '../core/errors.ts';
import { glibcVersion, type RuntimeManifest, runtimeManifest, WEIGHTS } from './artifacts.ts';
import { sha256File, type TreeSize, treeSize } from './files.ts';

/** Where the fetched model is, relative to the root of the project. */
export const LM_FOLDER = join('.constitution', 'lm');

/** Paths inside the folder of the fetched model. */
export interface EmbeddedFiles {
  readonly folder: string;
  readonly weights: string;
  /** Holds `node_modules`. */
  readonly runtime: string;
  /** Written last: says that everything else is there. */
  readonly stamp: string;
}

/** What the stamp holds. Equal stamps mean equal content. */
export interface Stamp {
  readonly format: 1;
  readonly weightsSha256: string;
  /** Of the manifest the runtime was installed from. */
  readonly runtimeSha256: string;
  readonly runtime: TreeSize;
}

export function embeddedFiles(folder: string): EmbeddedFiles {
  return {
    folder,
    weights: join(folder, 'model.gguf'),
    runtime: join(folder, 'runtime'),
    stamp: join(folder, 'stamp.json'),
  };
}

/**
 * The manifest for the machine this runs on.
 *
 * @throws ConstitutionError `CX-LM-FETCH` where the runtime has no prebuilt binary for it.
 */
export function manifestOfThisMachine(): RuntimeManifest {
  const platform = `${process.platform}-${process.arch}`;
  const manifest = runtimeManifest(platform, glibcVersion());
  if (manifest !== null) return manifest;
  throw new ConstitutionError(
    'CX-LM-FETCH',
    `There is no prebuilt runtime of the embedded model for ${platform}.`,
    {
      hint: 'It needs Linux with glibc (x64 or arm64) or macOS. Name any OpenAI-compatible endpoint in its place.',
    },
  );
}

/**
 * Why the fetched model cannot be used as it is; null where it can. Sizes of the runtime are compared, and with
 * `thorough` the hash of the weights too (a quarter of a second).
 */
export async function problemWith(files: EmbeddedFiles, thorough: boolean): Promise<string | null> {
  const stamp = await readStamp(files.stamp);
  if (stamp === null) return 'it has not been fetched';
  if (stamp.weightsSha256 !== WEIGHTS.sha256 || stamp.runtimeSha256 !== manifestOfThisMachine().sha256) {
    return 'another version has been fetched';
  }
  const size = await treeSize(join(files.runtime, 'node_modules')).catch(() => null);
  if (size === null || size.files !== stamp.runtime.files || size.bytes !== stamp.runtime.bytes) {
    return 'files of the runtime are missing or changed';
  }
  const weights = await stat(files.weights).catch(() => null);
  if (weights === null) return 'the weights are missing';
  if (thorough && (await sha256File(files.weights)) !== WEIGHTS.sha256) return 'the weights are damaged';
  return null;
}

async function readStamp(path: string): Promise<Stamp | null> {
  try {
    const stamp = JSON.parse(await readFile(path, 'utf8')) as Partial<Stamp> | null;
    return stamp?.format === 1 && stamp.runtime !== undefined ? (stamp as Stamp) : null;
  } catch {
    // Missing or half-written by someone else: either way there is nothing to trust.
    return null;
  }
}
