import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { coderHiddenTestsSchema } from '../config/bug-schemas.ts';
import { loadYaml } from '../config/load-yaml.ts';
import { ConstitutionError } from '../core/errors.ts';
import { type Fix, readCommit } from './commit.ts';
import { type BugMaker, isNoBug, type MadeBug, type MadeCase, type NoBug } from './maker.ts';
import type { Origin } from './propose.ts';
import { importRoots, isTestFile, readTree, requireSource, type SourceFiles } from './source-tree.ts';
import { readDiff } from './unified-diff.ts';

/** What was made of a source, and what the source says of itself. */
export interface Sourced {
  readonly made: MadeBug | NoBug;
  readonly origin: Origin;
}

/** Tests that are run at most: a fix has a few, a repository may have hundreds. */
const MAX_TEST_FILES = 20;
/** A longer program in a draft helps nobody. */
const MAX_DRAFT_LENGTH = 20_000;

/** The bug that a commit repairs. */
export async function bugOfCommit(
  maker: BugMaker,
  options: { repository: string; revision: string; entry?: string | undefined; signal: AbortSignal },
): Promise<Sourced> {
  const { repository, revision, entry, signal } = options;
  return bugOfFix(maker, await readCommit(repository, revision, signal), entry, [], `commit ${revision}`);
}

/** The bug that a diff repairs. */
export async function bugOfDiff(
  maker: BugMaker,
  options: { file: string; repository: string | null; entry?: string | undefined },
): Promise<Sourced> {
  const fix = await readDiff(options.file, options.repository);
  const remarks = fix.partial.map(
    (name) => `the diff shows only a part of ${name}; name the repository that it belongs to with --repo`,
  );
  return bugOfFix(maker, fix, options.entry, remarks, options.file);
}

async function bugOfFix(
  maker: BugMaker,
  fix: Fix,
  entry: string | undefined,
  remarks: readonly string[],
  name: string,
): Promise<Sourced> {
  const [first] = fix.programs;
  if (first === undefined) {
    throw new ConstitutionError(
      'CX-BUG-SOURCE',
      `${name} changes no Python program, so it is no fix of one`,
      {
        hint:
          fix.tests.length > 0 ? 'It changes tests only.' : 'It has to change a .py file that is no test.',
      },
    );
  }
  const own = fix.tests.slice(0, MAX_TEST_FILES);
  const tests = own.length > 0 ? own : testsThatName(fix);
  const made = await maker.make({
    do: 'pair',
    files: fix.files,
    before: fix.before,
    missing: fix.missing,
    partial: fix.partial,
    roots: importRoots(fix.files),
    paths: fix.programs,
    tests,
    entry,
  });
  const programs = { before: fix.before[first] ?? '', after: fix.files[first] ?? '' };
  const short = programs.before.length + programs.after.length <= MAX_DRAFT_LENGTH;
  return {
    made,
    origin: {
      name: path.basename(first, '.py'),
      title: fix.title,
      remarks: [
        ...remarks,
        ...(own.length === 0
          ? [`the fix changes no tests${tests.length > 0 ? `; run were ${tests.join(', ')}` : ''}`]
          : []),
      ],
      ...(short ? { programs } : {}),
    },
  };
}

/** Tests of the whole repository that mention the changed programs by name. */
function testsThatName(fix: Fix): string[] {
  const stems = fix.programs.map((file) => path.posix.basename(file, '.py'));
  return Object.keys(fix.files)
    .filter(isTestFile)
    .filter((file) => stems.some((stem) => new RegExp(`\\b${stem}\\b`).test(fix.files[file] ?? '')))
    .slice(0, MAX_TEST_FILES);
}

/** The bug in a program that is there before and after, with tests of any form. */
export async function bugOfFiles(
  maker: BugMaker,
  files: { buggy: string; fixed: string; tests?: string | undefined; entry?: string | undefined },
): Promise<Sourced> {
  const [before, after] = await Promise.all([requireSource(files.buggy), requireSource(files.fixed)]);
  const tests = files.tests === undefined ? null : await readTests(files.tests);
  const stems = [files.fixed, files.buggy].map((file) => path.basename(file, '.py'));
  const also = tests?.kind === 'python' ? modulesOf(tests.text, stems) : [];
  const program = 'program.py';
  const made = await maker.make({
    do: 'pair',
    files: {
      ...Object.fromEntries(also.map((name) => [name, after])),
      ...(tests === null || tests.kind === 'yaml' ? {} : { [tests.name]: tests.text }),
      [program]: after,
    },
    before: { [program]: before },
    roots: [''],
    paths: [program],
    also,
    tests: tests?.kind === 'python' ? [tests.name] : [],
    cases: tests?.kind === 'json' ? [tests.name] : [],
    given: tests?.given ?? [],
    entry: files.entry,
  });
  return { made, origin: { name: stems[0] ?? '', title: '', remarks: [] } };
}

/** Files for every name that tests may import the program by: they get the fix, whatever they call it. */
function modulesOf(tests: string, stems: readonly string[]): string[] {
  const named = [...tests.matchAll(/^\s*(?:from|import)\s+([A-Za-z_]\w*)/gm)].map((match) => match[1] ?? '');
  const foreign = new Set(['pytest', 'unittest', '__future__']);
  return [...new Set([...stems, ...named])].filter((name) => !foreign.has(name)).map((name) => `${name}.py`);
}

/** A bug planted in a program whose tests pass. */
export async function plantedBug(
  maker: BugMaker,
  options: {
    file: string;
    tests: string | undefined;
    repository: string;
    entry?: string | undefined;
    kind?: string | undefined;
    seed: number;
  },
): Promise<Sourced> {
  const { repository, entry, kind, seed } = options;
  const file = path.resolve(options.file);
  const text = await requireSource(file);
  const tests = await readTests(options.tests ?? (await findTests(file)));
  const within = (name: string) => path.relative(repository, name).split(path.sep).join('/');
  const name = within(file);
  if (name.startsWith('..')) {
    throw new ConstitutionError('CX-USAGE', `${options.file} lies outside of ${repository}`, {
      hint: 'Name the folder that its imports start from with --repo.',
    });
  }
  const testName = within(tests.file).startsWith('..') ? tests.name : within(tests.file);
  const tree: SourceFiles = { ...(await readTree(repository)), [name]: text, [testName]: tests.text };
  const made = await maker.make({
    do: 'mutate',
    files: tree,
    roots: [...new Set([...importRoots(tree), path.posix.dirname(name).replace(/^\.$/, '')])],
    path: name,
    tests: tests.kind === 'python' ? [testName] : [],
    cases: tests.kind === 'json' ? [testName] : [],
    given: tests.given,
    entry,
    kind,
    seed,
  });
  const title = isNoBug(made) || made.what === null ? '' : `${made.entry}: ${made.what}`;
  return { made, origin: { name: path.basename(file, '.py'), title, remarks: [] } };
}

interface Tests {
  readonly kind: 'python' | 'json' | 'yaml';
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly given: readonly MadeCase[];
}

async function readTests(file: string): Promise<Tests> {
  const name = path.basename(file);
  const extension = path.extname(file);
  if (extension === '.yaml' || extension === '.yml') {
    const given = await loadYaml(path.resolve(file), coderHiddenTestsSchema, { root: process.cwd() });
    return { kind: 'yaml', file: path.resolve(file), name, text: '', given };
  }
  if (extension !== '.py' && extension !== '.json') {
    throw new ConstitutionError('CX-USAGE', `tests of the form ${extension || name} are not known`, {
      place: { file },
      hint: 'Give a Python test file, JSON test cases (one array a line), or a hidden_tests.yaml.',
    });
  }
  const text = await requireSource(file);
  const kind = extension === '.py' ? 'python' : 'json';
  return { kind, file: path.resolve(file), name: isTestName(name) ? name : `test_${name}`, text, given: [] };
}

function isTestName(name: string): boolean {
  return !name.endsWith('.py') || isTestFile(name);
}

/** The test file that belongs to a program by its name: beside it, or in a folder of tests. */
async function findTests(file: string): Promise<string> {
  const stem = path.basename(file, '.py');
  const names = [`test_${stem}.py`, `${stem}_test.py`];
  const folders = ['.', 'tests', 'test', '../tests', '../test', '../../tests'];
  for (const folder of folders.map((each) => path.join(path.dirname(file), each))) {
    const there: string[] = await readdir(folder).catch(() => []);
    const found = names.find((name) => there.includes(name));
    if (found !== undefined) return path.join(folder, found);
  }
  throw new ConstitutionError('CX-USAGE', `there are no tests of ${path.basename(file)} near it`, {
    place: { file },
    hint: `Name them with --tests; looked for were ${names.join(' and ')}.`,
  });
}
