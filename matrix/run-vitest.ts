import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { FOLDERS, nodeFor, REPOSITORY, type Version } from './versions.ts';

/** A test as vitest reported it. */
export interface TestResult {
  readonly name: string;
  readonly state: string;
  readonly mode: string;
  readonly note?: string;
  readonly retryCount?: number;
  readonly repeatCount?: number;
  readonly errors: readonly { readonly name: string; readonly message: string; readonly place?: string }[];
  readonly meta: object;
  /** Where vitest says that the test stands; only with `--includeTaskLocation`. */
  readonly location?: string;
  /** What the plugin wrote; absent without it. */
  readonly constitution?: {
    readonly articles?: string;
    readonly findings?: readonly { readonly article: string; readonly code: string }[];
  };
}

export interface FileResult {
  readonly project: string;
  readonly file: string;
  readonly state: string;
  readonly errors: readonly string[];
  readonly suites: readonly {
    readonly name: string;
    readonly state: string;
    readonly errors: readonly string[];
  }[];
  readonly tests: readonly TestResult[];
}

/** One run of a vitest process; in watch mode there are several. */
export interface Run {
  readonly reason: string;
  readonly errors: readonly string[];
  /** Number of setup files by project. */
  readonly setupFiles: readonly (readonly [project: string, count: number])[];
  readonly reporters: number;
  readonly files: readonly FileResult[];
}

/** A vitest process that has ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  /** Without colours; the project's folder is `<root>`. */
  readonly stdout: string;
  /** Empty where both went into one stream. */
  readonly stderr: string;
  readonly runs: readonly Run[];
}

/** A copy of a little project, ready to be run under one version. */
export interface PlacedProject {
  readonly root: string;
  readonly version: Version;
  readonly results: string;
  /** Environment of the vitest process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface RunOptions {
  /** Arguments of the vitest command; default `run`. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default `default`; none leaves the choice to the configuration. */
  readonly reporters?: readonly string[];
  /** Whether results are collected, by one reporter more. Default true. */
  readonly collect?: boolean;
  /** Both outputs go where the first goes, as a terminal has them: two pipes keep no common order. */
  readonly oneStream?: boolean;
}

/** What the run that this is a part of was given must not reach the vitest inside. */
const NEUTRAL = {
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  NODE_OPTIONS: undefined,
};

/** A child that hangs is ended, and the test fails. */
const LIMIT_MS = 90_000;

/**
 * Copies a little project to where a version is installed, hands it to `use` and removes it again.
 *
 * @param governed Without it, the lines that bring in the plugin are taken out of its configurations.
 */
export async function withProject<T>(
  version: Version,
  { name, governed }: { readonly name: string; readonly governed: boolean },
  use: (project: PlacedProject) => Promise<T>,
): Promise<T> {
  const parent = path.join(FOLDERS.installed(version), 'projects');
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(path.join(parent, `${name}-`));
  try {
    const here = path.join(REPOSITORY, 'matrix');
    await cp(path.join(here, 'constitution'), path.join(root, 'constitution'), { recursive: true });
    await cp(path.join(here, 'projects', name), root, { recursive: true });
    await cp(path.join(here, 'result-reporter.mjs'), path.join(root, 'result-reporter.mjs'));
    if (!governed) await takeOutPlugin(root);
    const results = path.join(root, 'results.jsonl');
    await writeFile(results, '');
    const env = { ...NEUTRAL, MATRIX_RESULTS: results };
    return await use({ root, version, results, env });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Runs vitest over a placed project, as its command line does, to the end. */
export async function runVitest(project: PlacedProject, options: RunOptions = {}): Promise<Ended> {
  const { command = ['run'], args = [], reporters = ['default'], collect = true } = options;
  const asked = [...reporters, ...(collect ? ['./result-reporter.mjs'] : [])].map(
    (reporter) => `--reporter=${reporter}`,
  );
  const { exitCode, stdout, stderr, timedOut } = await runNode(
    project,
    [
      path.join(FOLDERS.installed(project.version), 'node_modules', 'vitest', 'vitest.mjs'),
      ...command,
      ...asked,
      ...args,
    ],
    options,
  );
  if (timedOut) throw new Error(`vitest did not end in ${LIMIT_MS} ms:\n${stdout}\n${stderr}`);
  return {
    exitCode,
    stdout: clean(project, stdout),
    stderr: clean(project, stderr),
    runs: await readRuns(project),
  };
}

export function runNode(
  { root, version, env }: PlacedProject,
  args: readonly string[],
  { env: more = {}, oneStream = false }: Pick<RunOptions, 'env' | 'oneStream'> = {},
) {
  const [file = '', ...rest] = [
    ...(oneStream ? ['sh', '-c', 'exec "$@" 2>&1', 'sh'] : []),
    nodeFor(version),
    ...args,
  ];
  return execa(file, rest, {
    cwd: root,
    env: { ...env, ...more },
    reject: false,
    timeout: LIMIT_MS,
    stdin: 'ignore',
  });
}

export async function readRuns({ results }: PlacedProject): Promise<Run[]> {
  const lines = (await readFile(results, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Run);
}

export function clean({ root }: PlacedProject, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
  return text.replace(/\u001b\[[0-9;]*m/g, '').replaceAll(root, '<root>');
}

/** Leaves every configuration as it was before the plugin came: without its import and without the line that calls it. */
async function takeOutPlugin(root: string): Promise<void> {
  let taken = 0;
  for (const name of await readdir(root, { recursive: true })) {
    if (!/(config|workspace|watch)\.m?ts$/.test(name)) continue;
    const file = path.join(root, name);
    const lines = (await readFile(file, 'utf8')).split('\n');
    const others = lines.filter((line) => !/vitest-constitution|constitution\(/.test(line));
    taken += lines.length - others.length;
    await writeFile(file, others.join('\n'));
  }
  if (taken === 0) throw new Error(`no configuration in ${root} has the plugin`);
}
