import { execa } from 'execa';
import { ConstitutionError } from '../core/errors.ts';
import {
  decodeSource,
  isTestFile,
  MAX_FILE_BYTES,
  MAX_TREE_BYTES,
  MAX_TREE_FILES,
  type SourceFiles,
} from './source-tree.ts';

/** A fix: the Python files after it, and what those that it changed were before. */
export interface Fix {
  readonly title: string;
  readonly files: SourceFiles;
  readonly before: SourceFiles;
  /** Files that the fix added. */
  readonly missing: readonly string[];
  /** Changed programs, and changed tests. */
  readonly programs: readonly string[];
  readonly tests: readonly string[];
  /** Files of which only some lines are known. */
  readonly partial: readonly string[];
}

interface Entry {
  readonly path: string;
  readonly object: string;
  readonly size: number;
}

/**
 * Reads a commit as a fix: its first parent has the bug. Nothing of the repository is executed, no file is checked out.
 *
 * @throws ConstitutionError CX-BUG-SOURCE where there is no such commit or it has no parent, CX-RUN-CANCELLED.
 */
export async function readCommit(repository: string, revision: string, signal: AbortSignal): Promise<Fix> {
  const git = (args: readonly string[], input?: string) => runGit(repository, args, signal, input);
  const resolve = async (name: string) =>
    (await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]))
      .toString()
      .trim();
  const commit = await resolve(revision).catch((error: unknown) => {
    if (error instanceof ConstitutionError && error.code === 'CX-RUN-CANCELLED') throw error;
    throw source(
      `there is no commit "${revision}" in ${repository}`,
      'Name the repository with --repo.',
      error,
    );
  });
  const parent = await resolve(`${commit}^1`).catch((error: unknown) => {
    throw source(
      `${revision} is the first commit of its history: there is no bug before it`,
      undefined,
      error,
    );
  });
  const title = (await git(['log', '-1', '--format=%s', commit])).toString().trim();
  const [after, before] = await Promise.all([listing(git, commit), listing(git, parent)]);
  const changed = [...after.values()].filter(({ path, object }) => before.get(path)?.object !== object);
  const programs = changed.map(({ path }) => path).filter((path) => !isTestFile(path));
  const tests = changed.map(({ path }) => path).filter(isTestFile);
  const kept = within(after, [...programs, ...tests]);
  const files = await contents(git, kept);
  const old = changed.flatMap(({ path }) => before.get(path) ?? []);
  return {
    title,
    files,
    before: await contents(git, old),
    missing: changed.flatMap(({ path }) => (before.has(path) ? [] : [path])),
    programs: programs.filter((path) => path in files),
    tests: tests.filter((path) => path in files),
    partial: [],
  };
}

type Git = (args: readonly string[], input?: string) => Promise<Buffer>;

/** Every Python file of a commit; symbolic links and submodules are no files. */
async function listing(git: Git, commit: string): Promise<ReadonlyMap<string, Entry>> {
  const text = (await git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit])).toString();
  const found = new Map<string, Entry>();
  for (const line of text.split('\0')) {
    const match = /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t(.*\.py)$/s.exec(line);
    if (match === null) continue;
    const [, object = '', size = '', path = ''] = match;
    found.set(path, { path, object, size: Number(size) });
  }
  return found;
}

/** As many files as the sandbox takes: the changed ones, then those in the same folders, then the others. */
function within(all: ReadonlyMap<string, Entry>, changed: readonly string[]): Entry[] {
  const near = new Set(changed.map((file) => file.split('/')[0]));
  const rank = ({ path }: Entry) => (changed.includes(path) ? 0 : near.has(path.split('/')[0]) ? 1 : 2);
  const sorted = [...all.values()].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  const kept: Entry[] = [];
  let bytes = 0;
  for (const entry of sorted) {
    if (entry.size > MAX_FILE_BYTES || bytes + entry.size > MAX_TREE_BYTES) continue;
    if (kept.length >= MAX_TREE_FILES) break;
    bytes += entry.size;
    kept.push(entry);
  }
  return kept;
}

/** Text of objects by path, read in one go; what is not UTF-8 is left out. */
async function contents(git: Git, entries: readonly Entry[]): Promise<SourceFiles> {
  const wanted = entries.filter(({ size }) => size <= MAX_FILE_BYTES);
  if (wanted.length === 0) return {};
  const output = await git(['cat-file', '--batch'], `${wanted.map(({ object }) => object).join('\n')}\n`);
  const files: Record<string, string> = {};
  let at = 0;
  for (const { path } of wanted) {
    const end = output.indexOf('\n', at);
    const size = Number(output.subarray(at, end).toString().split(' ')[2]);
    const bytes = output.subarray(end + 1, end + 1 + size);
    at = end + 1 + size + 1;
    try {
      files[path] = decodeSource(bytes);
    } catch {
      // Another encoding: Python would need to be told of it as well.
    }
  }
  return files;
}

async function runGit(
  repository: string,
  args: readonly string[],
  signal: AbortSignal,
  input: string | undefined,
): Promise<Buffer> {
  const { PATH = '', HOME = '' } = process.env;
  const result = await execa('git', ['-C', repository, '--no-pager', '-c', 'core.fsmonitor=false', ...args], {
    env: { PATH, HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    cancelSignal: signal,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  if (!result.failed) return Buffer.from(result.stdout);
  if (result.isCanceled) throw new ConstitutionError('CX-RUN-CANCELLED', 'reading the commit was cancelled');
  const told = Buffer.from(result.stderr ?? [])
    .toString()
    .trim()
    .split('\n')[0];
  throw source(
    `git ${args[0]} failed in ${repository}: ${told || (result.code ?? `exit code ${result.exitCode}`)}`,
    result.code === 'ENOENT' ? 'Is git installed, and is --repo a folder?' : undefined,
    result,
  );
}

function source(message: string, hint: string | undefined, cause: unknown): ConstitutionError {
  return new ConstitutionError('CX-BUG-SOURCE', message, { ...(hint ? { hint } : {}), cause });
}
