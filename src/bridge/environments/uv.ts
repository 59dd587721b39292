import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../../core/errors.ts';
import { compareVersions } from '../../core/python-version.ts';
import { FETCH_WHEEL } from './fetch-wheel.ts';
import { stateFolder } from './paths.ts';
import { runCommand } from './run-command.ts';
import { OLDEST_UV, UV_SHA256, UV_VERSION } from './uv-release.ts';

/** Names the uv to use; `off` uses none, so that environments are made by venv and pip. */
export const UV_VARIABLE = 'CONSTITUTION_UV';

export interface Uv {
  /** Absolute path, or the command on the PATH. */
  readonly command: string;
  readonly version: string;
}

export interface FindUvOptions {
  readonly root: string;
  /** Interpreter that fetches uv where there is none. */
  readonly python: string;
  /** Environment of installers (see pip-settings.ts). */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called before something is fetched. */
  readonly onFetch?: (how: string) => void;
}

const FAILURE = { code: 'CX-ENV-INSTALL', message: 'uv could not be fetched' } as const;

/**
 * The uv to use: the named one, the one on the PATH if it is new enough, the one fetched before, or one fetched now by
 * pip, else by Python's standard library. Null where none can be had: then venv and pip do the work.
 *
 * @throws ConstitutionError CX-ENV-INSTALL where `CONSTITUTION_UV` names a file that is no usable uv.
 */
export async function findUv(options: FindUvOptions): Promise<Uv | null> {
  const named = options.env[UV_VARIABLE];
  if (named === 'off') return null;
  if (named) {
    const found = await probeUv(named, options);
    if (found !== null) return found;
    throw new ConstitutionError(
      'CX-ENV-INSTALL',
      `${UV_VARIABLE} names ${named}, which is no uv ${OLDEST_UV} or newer`,
      {
        hint: `Correct ${UV_VARIABLE}, unset it to have uv fetched, or set it to "off" to use venv and pip.`,
      },
    );
  }
  const folder = path.join(stateFolder(options.root), 'uv', UV_VERSION);
  const fetched = path.join(folder, 'bin', 'uv');
  const existing = (await probeUv('uv', options)) ?? (await probeUv(fetched, options));
  if (existing !== null) return existing;

  options.onFetch?.(`fetching uv ${UV_VERSION}`);
  for (const fetch of [fetchWithPip, fetchWithStandardLibrary]) {
    try {
      await fetch(folder, options);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      // The next way is tried; where none works, venv and pip report what they cannot reach.
      continue;
    }
    const found = await probeUv(fetched, options);
    if (found !== null) return found;
  }
  return null;
}

async function probeUv(command: string, options: FindUvOptions): Promise<Uv | null> {
  const result = await execa(command, ['--version'], {
    env: options.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const version = /^uv (\d+\.\d+\.\d+)/.exec(String(result.stdout ?? ''))?.[1];
  if (result.failed || version === undefined || compareVersions(version, OLDEST_UV) < 0) return null;
  return { command, version };
}

/** `pip install --target`: allowed on a Python that its system manages (PEP 668), unlike a plain install. */
export async function fetchWithPip(folder: string, options: FindUvOptions): Promise<void> {
  const temporary = `${folder}.${randomUUID()}`;
  const requirement = [`uv==${UV_VERSION}`, ...UV_SHA256.map((hash) => `--hash=sha256:${hash}`)].join(' ');
  await mkdir(temporary, { recursive: true });
  try {
    const requirements = path.join(temporary, 'requirements.txt');
    await writeFile(requirements, `${requirement}\n`);
    await runCommand(
      options.python,
      [
        '-I',
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--only-binary',
        ':all:',
        '--require-hashes',
      ].concat(['--target', temporary, '--requirement', requirements]),
      { env: options.env, signal: options.signal, failure: FAILURE },
    );
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** For a Python without pip, as a bare Debian has it. */
export async function fetchWithStandardLibrary(folder: string, options: FindUvOptions): Promise<void> {
  const { env } = options;
  const index = env['UV_DEFAULT_INDEX'] || env['UV_INDEX_URL'] || 'https://pypi.org/simple';
  await runCommand(options.python, ['-I', '-c', FETCH_WHEEL], {
    env,
    signal: options.signal,
    input: JSON.stringify({
      index,
      name: 'uv',
      version: UV_VERSION,
      sha256: UV_SHA256,
      program: 'uv',
      target: path.join(folder, 'bin', 'uv'),
    }),
    failure: FAILURE,
  });
}
