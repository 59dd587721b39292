import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';
import { type RefusedFile, readSource, type SourceFiles } from './source-tree.ts';

/** The folders of a benchmark: programs with their bugs, the same programs right, and their tests in two forms. */
const BUGGY = 'python_programs';
const FIXED = 'correct_python_programs';
const PYTHON_TESTS = 'python_testcases';
const JSON_TESTS = 'json_testcases';

/** One program of a benchmark, or why it is none. */
export type BenchmarkProgram = { readonly name: string } & (
  | {
      readonly why: null;
      /** Files with the fix in both places, so that tests find it wherever they look. */
      readonly files: SourceFiles;
      readonly before: SourceFiles;
      readonly path: string;
      readonly also: readonly string[];
      readonly tests: readonly string[];
      readonly cases: readonly string[];
    }
  | { readonly why: string }
);

/**
 * Reads the layout `python_programs/X.py`, `correct_python_programs/X.py`, with tests as `python_testcases/test_X.py` or
 * `json_testcases/X.json`. Symbolic links are not followed, long and undecodable files not read.
 *
 * @throws ConstitutionError CX-BUG-SOURCE where the folders of programs are not there
 */
export async function readBenchmark(folder: string): Promise<BenchmarkProgram[]> {
  const [buggy, fixed, tests] = await Promise.all([
    readFolder(folder, BUGGY, '.py', true),
    readFolder(folder, FIXED, '.py', true),
    readFolder(folder, PYTHON_TESTS, '.py', false),
  ]);
  const cases = await readFolder(folder, JSON_TESTS, '.json', false);
  const shared: SourceFiles = {
    ...buggy.files,
    ...tests.files,
    ...(await readHelpers(folder)),
  };
  const refused = [buggy, fixed, tests, cases].flatMap((each) => each.refused);
  const names = [...buggy.names].sort();
  return names.map((name) => {
    const [before, after] = [`${BUGGY}/${name}.py`, `${FIXED}/${name}.py`];
    const own = [`${PYTHON_TESTS}/test_${name}.py`, `${PYTHON_TESTS}/${name}_test.py`].filter(
      (file) => file in tests.files,
    );
    const data = [`${JSON_TESTS}/${name}.json`].filter((file) => file in cases.files);
    const unread = [before, after, ...testNames(name)].flatMap(
      (file) => refused.find((each) => each.file === file) ?? [],
    );
    const [first] = unread;
    if (
      first !== undefined &&
      (own.length + data.length === 0 || first.file === before || first.file === after)
    )
      return { name, why: `${first.file} is not read: ${first.why}` };
    if (!(after in fixed.files)) return { name, why: `there is no ${after}` };
    if (own.length + data.length === 0) return { name, why: 'it has no tests' };
    const right = fixed.files[after] ?? '';
    return {
      name,
      why: null,
      files: {
        ...shared,
        ...fixed.files,
        ...Object.fromEntries(data.map((file) => [file, cases.files[file] ?? ''])),
        [before]: right,
        [after]: right,
      },
      before: { [before]: buggy.files[before] ?? '' },
      path: before,
      also: [after],
      tests: own,
      cases: data,
    };
  });
}

/** What lies beside the folders for all of them: conftest.py, and modules that tests import. */
async function readHelpers(root: string): Promise<SourceFiles> {
  const names = (await readdir(root)).filter((file) => file.endsWith('.py')).sort();
  const read = await Promise.all(names.map((name) => readSource(path.join(root, name))));
  return Object.fromEntries(
    read.flatMap((source, at) => ('text' in source ? [[names[at], source.text]] : [])),
  );
}

function testNames(name: string): string[] {
  return [`${PYTHON_TESTS}/test_${name}.py`, `${PYTHON_TESTS}/${name}_test.py`, `${JSON_TESTS}/${name}.json`];
}

interface Folder {
  readonly names: readonly string[];
  readonly files: SourceFiles;
  readonly refused: readonly RefusedFile[];
}

async function readFolder(root: string, name: string, ending: string, needed: boolean): Promise<Folder> {
  const folder = path.join(root, name);
  const status = await lstat(folder).catch(() => null);
  if (status === null || !status.isDirectory()) {
    if (!needed && status === null) return { names: [], files: {}, refused: [] };
    throw new ConstitutionError(
      'CX-BUG-SOURCE',
      status === null ? `there is no folder ${name}` : `${name} is no folder, or a symbolic link to one`,
      {
        place: { file: folder },
        hint: `Expected are ${BUGGY}/X.py and ${FIXED}/X.py, with ${PYTHON_TESTS}/test_X.py or ${JSON_TESTS}/X.json.`,
      },
    );
  }
  const files: Record<string, string> = {};
  const refused: RefusedFile[] = [];
  const found = (await readdir(folder)).filter((file) => file.endsWith(ending)).sort();
  for (const file of found) {
    const source = await readSource(path.join(folder, file));
    const at = `${name}/${file}`;
    if ('text' in source) files[at] = source.text;
    else refused.push({ file: at, why: source.why });
  }
  return { names: found.map((file) => file.slice(0, -ending.length)), files, refused };
}
