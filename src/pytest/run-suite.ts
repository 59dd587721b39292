import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deriveEnvironment, type SyncOptions } from '../bridge/environments/index.ts';
import { loadEnvironments } from '../config/environments.ts';
import type { EnvironmentDeclaration, PythonEnvironment } from '../core/environment.ts';
import { ConstitutionError } from '../core/errors.ts';
import { sha256 } from '../core/json.ts';
import { didYouMean } from '../core/nearest.ts';
import type { PytestResult } from '../core/pytest-run.ts';
import { copyTree } from './copy-tree.ts';
import { suiteRequirements } from './requirements.ts';
import { SuiteArm } from './suite-arm.ts';

/** Where LM calls of a suite go. */
export interface SuiteLm {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** What LM clients send as their key. */
  readonly token: string;
}

export interface SuiteRequest {
  /** The project with `environments/`. */
  readonly root: string;
  /** Absolute folder of the suite, where a person would call pytest. */
  readonly suite: string;
  /** Beside pytest and DSPy; see {@link suiteRequirements}. */
  readonly requirements?: readonly string[];
  /** For pytest: paths, `-k`, `-m`, ... */
  readonly arguments?: readonly string[];
  /** For one test; 60 by default. */
  readonly secondsPerTest?: number;
  /** For the start, the import of a file, and the end; 120 by default. */
  readonly secondsBetween?: number;
  /** Lets tests reach other machines. */
  readonly network?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly note?: (line: string) => void;
}

/** A suite that runs in one environment; its copy is removed when it has ended. */
export interface RunningSuite {
  readonly arm: SuiteArm;
  readonly environment: PythonEnvironment;
  /** Waits for its end, and cleans up. */
  close(): Promise<void>;
}

/** The declared environments of names or versions. */
export async function suiteEnvironments(
  root: string,
  names: readonly string[],
): Promise<EnvironmentDeclaration[]> {
  const declared = await loadEnvironments(root);
  return names.map((wanted) => {
    const found = declared.find(({ name, dspy }) => name === wanted || dspy === wanted);
    if (found !== undefined) return found;
    throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no environment "${wanted}"`, {
      hint: `${didYouMean(
        wanted,
        declared.map(({ name }) => name),
      )} \`env add dspy==${wanted}\` makes one of a version.`,
    });
  });
}

/**
 * Makes the environment of a suite: that of a DSPy version with pytest and what the suite needs.
 *
 * @throws ConstitutionError CX-CONFIG-* for the folder and its requirements, CX-ENV-* for the environment.
 */
export async function prepareSuite(
  request: SuiteRequest,
  base: EnvironmentDeclaration,
): Promise<PythonEnvironment> {
  const { root, suite, signal, note } = request;
  await requireFolder(suite);
  const requirements = await suiteRequirements(suite, request.requirements ?? []);
  const options: SyncOptions = {
    signal,
    onProgress: ({ environment, message }) =>
      note?.(`${environment === null ? '' : `${environment}: `}${message}`),
  };
  return deriveEnvironment(root, base, { label: 'pytest', requirements }, options);
}

/** Starts a suite in an environment that {@link prepareSuite} made. It runs on a copy: the suite's folder stays as it is. */
export async function startSuite(
  request: SuiteRequest,
  environment: PythonEnvironment,
  lm: SuiteLm | null,
  onResult?: (id: string, result: PytestResult) => void,
): Promise<RunningSuite> {
  const { root, suite } = request;
  const place = await claim(
    path.join(root, '.constitution', 'pytest', sha256(suite).slice(0, 12), environment.name),
  );
  try {
    const folder = path.join(place.folder, path.basename(suite));
    await copyTree(suite, folder);
    const temporary = path.join(place.folder, 'tmp');
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const arm = new SuiteArm({
      environment,
      folder,
      // One root for both environments, whatever lies above the copy; what pytest keeps for itself is of no use here.
      arguments: [
        '--rootdir=.',
        '-p',
        'no:cacheprovider',
        '--continue-on-collection-errors',
        '-q',
        ...(request.arguments ?? []),
      ],
      variables: {
        TMPDIR: temporary,
        DSPY_CACHEDIR: path.join(temporary, 'dspy'),
        ...(lm === null
          ? {}
          : { OPENAI_API_BASE: lm.baseUrl, OPENAI_BASE_URL: lm.baseUrl, OPENAI_API_KEY: lm.token }),
      },
      asks: lm !== null,
      offline: request.network !== true,
      testMs: (request.secondsPerTest ?? 60) * 1000,
      otherMs: (request.secondsBetween ?? 120) * 1000,
      signal: request.signal,
      ...(onResult ? { onResult } : {}),
    });
    const close = async () => {
      await arm.ended.catch(() => {});
      await rm(temporary, { recursive: true, force: true });
      await place.release();
    };
    return { arm, environment, close };
  } catch (error) {
    await place.release();
    throw error;
  }
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  throw new ConstitutionError('CX-CONFIG-MISSING', 'the suite is not a folder', {
    place: { file: folder },
    hint: 'Name the folder in which pytest is called.',
  });
}

/**
 * A folder for the copy, which nobody else uses meanwhile. It is the same from run to run, so that Python finds what it
 * compiled; where another run has it, the first that is free of a few others.
 */
async function claim(wanted: string): Promise<{ folder: string; release(): Promise<void> }> {
  await mkdir(path.dirname(wanted), { recursive: true });
  for (let number = 0; number < 100; number++) {
    const folder = number === 0 ? wanted : `${wanted}.${number}`;
    const mark = `${folder}.pid`;
    if (await isTaken(mark)) continue;
    await rm(mark, { force: true });
    // Linked when it says whose it is: nobody may meet it empty.
    const own = `${mark}.${randomUUID()}`;
    await writeFile(own, String(process.pid));
    const mine = await link(own, mark).then(
      () => true,
      () => false,
    );
    await rm(own);
    if (!mine) continue;
    return { folder, release: () => rm(mark, { force: true }) };
  }
  throw new ConstitutionError('CX-PYTEST-SUITE', 'this suite runs a hundred times already', {
    place: { file: wanted },
  });
}

async function isTaken(mark: string): Promise<boolean> {
  const pid = Number(await readFile(mark, 'utf8').catch(() => '0'));
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
