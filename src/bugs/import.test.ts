import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../config/package-root.ts';
import type { ImportedProgram } from '../core/imported-program.ts';
import { renderImported } from '../report/imported.ts';
import { importBenchmark } from './import.ts';
import { writeBenchmark } from './testdata/benchmark.ts';

const signal = new AbortController().signal;
let folder: string;
let rows: ReadonlyMap<string, ImportedProgram>;

const out = () => path.join(folder, 'out');
const run = (more: { from?: string; to?: string; force?: boolean } = {}) =>
  importBenchmark({
    root: packageRoot(),
    from: path.join(folder, 'benchmark'),
    to: out(),
    force: false,
    signal,
    note: () => {},
    ...more,
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'import-'));
  await writeBenchmark(path.join(folder, 'benchmark'));
  rows = new Map((await run()).map((row) => [row.program, row]));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const bug = async (id: string, file: string) => readFile(path.join(out(), 'coder', id, file), 'utf8');
const calls = async (id: string) => {
  const cases = [...parse(await bug(id, 'bug.yaml')).examples, ...parse(await bug(id, 'hidden_tests.yaml'))];
  return cases.map((each) => `${each.call} -> ${each.expect}`).sort();
};

describe('programs with tests become bugs that are proven', () => {
  test.each(['pairs_of', 'halves', 'twice', 'length_of', 'top'])('%s', (name) => {
    expect(rows.get(name)).toMatchObject({
      status: 'imported',
      bug: `coder/${name.replace('_', '-')}`,
      why: null,
    });
  });

  test('cases come from tests first: their tuples, their skips', async () => {
    expect(await calls('pairs-of')).toEqual([
      'pairs_of(0) -> []',
      'pairs_of(1) -> [(0, 1)]',
      'pairs_of(2) -> [(0, 1), (1, 2)]',
      'pairs_of(3) -> [(0, 1), (1, 2), (2, 3)]',
    ]);
  });

  test('a description beside the function becomes its docstring, in bug and fix', async () => {
    for (const file of ['buggy.py', 'fixed.py']) {
      expect(await bug('pairs-of', file)).toMatch(
        /^def pairs_of\(n\):\n {4}"""Pairs\n\n {4}Gives .*pairs_of\(9\)\."""\n/,
      );
    }
  });

  test('cases of JSON: generators as lists, lone inputs, numbers as the fix gives them', async () => {
    expect(await calls('halves')).toContain('list(halves([0.2])) -> [0.1]');
    expect(await calls('twice')).toEqual(
      ['twice("ab") -> \'abab\'', 'twice(0) -> 0', 'twice(4) -> 8', 'twice(5) -> 10', 'twice(7) -> 14'].map(
        (text) => text.replace('"ab"', "'ab'"),
      ),
    );
  });

  test('modules beside the program and classes of the tests are brought along', async () => {
    expect(await bug('length-of', 'fixed.py')).toBe(
      'def step(chain):\n    return chain.rest\n\n\ndef length_of(chain):\n    """Links of a chain."""\n    n = 0\n    while chain:\n        chain = step(chain)\n        n += 1\n    return n\n',
    );
    expect((await calls('length-of')).join('\n')).toContain('class Chain:');
  });

  test('where one test alone shows the bug, it is hidden, and the folder says so', async () => {
    expect(parse(await bug('top', 'bug.yaml'))).toMatchObject({ failing: 1, shown: false });
    expect(await bug('top', 'hidden_tests.yaml')).toContain('- call: top([])\n  expect: None\n');
  });
});

describe('the others are listed and left out', () => {
  test.each([
    ['alone', /there is no correct_python_programs\/alone.py/],
    ['untested', /it has no tests/],
    ['unseen', /none of 3 usable tests fails on the bug/],
    ['same', /the same before and after/],
    ['steps', /it has no tests/],
    ['broken', /is no Python/],
    ['nonsense', /no usable test .*no array of inputs/],
    ['odd_name', /its id odd-name is that of odd name/],
    ['huge', /python_programs\/huge.py is not read: it has \d+ bytes/],
    ['latin', /not UTF-8/],
    ['linked', /a symbolic link/],
    ['nested', /is no Python/],
  ])('%s', (name, why) => {
    expect(rows.get(name)).toMatchObject({
      status: 'left-out',
      bug: null,
      folder: null,
      why: expect.stringMatching(why),
    });
  });

  test.each([
    ['in_hangs', /does not end on the fix/],
    ['in_forks', /PermissionError/],
    ['in_floods', /ends its process/],
    ['in_fills', /OSError/],
    ['in_connects', /OSError/],
    ['in_reads', /FileNotFoundError/],
    ['in_writes', /OSError|FileNotFoundError|PermissionError/],
    ['in_leaves', /ends its process/],
  ])('%s', (name, why) => {
    expect(rows.get(name)).toMatchObject({ status: 'left-out', why: expect.stringMatching(why) });
  });

  test('nothing of what ran has left the sandbox', async () => {
    expect(await readdir(packageRoot())).not.toContain('harm.txt');
    expect((await readdir(out())).sort()).toEqual(['coder']);
    const bugs = [...rows.values()].filter(({ status }) => status === 'imported');
    expect((await readdir(path.join(out(), 'coder'))).sort()).toEqual(
      bugs.map(({ bug: key }) => key?.replace('coder/', '')).sort(),
    );
  });

  test('every program has its row, in order, and the summary counts them', () => {
    expect([...rows.keys()]).toEqual([...rows.keys()].sort());
    const text = renderImported([...rows.values()], { color: false });
    expect(text).toMatch(/✓ top +coder\/top {2}wrong-.*, 1 of 2 hidden tests fail on the bug/);
    expect(text).toMatch(/\d+ programs imported, \d+ left out\.$/);
  });
});

describe('what is there already', () => {
  test('is left as it is, unless it shall be replaced', async () => {
    await writeFile(path.join(out(), 'coder/top/bug.yaml'), 'mine\n');
    const from = path.join(folder, 'one');
    for (const file of [
      'python_programs/top.py',
      'correct_python_programs/top.py',
      'json_testcases/top.json',
    ])
      await cp(path.join(folder, 'benchmark', file), path.join(from, file));
    expect(await run({ from })).toMatchObject([
      { program: 'top', status: 'exists', bug: null, why: expect.stringContaining('is there already') },
    ]);
    expect(await bug('top', 'bug.yaml')).toBe('mine\n');
    expect(await run({ from, force: true })).toMatchObject([{ program: 'top', status: 'imported' }]);
    expect(await bug('top', 'bug.yaml')).toContain('entry: top');
  });
});

test('a program like a bug that is there is left out, and says which', async () => {
  const from = path.join(folder, 'like');
  const to = path.join(folder, 'like-out');
  for (const file of [
    'python_programs/twice.py',
    'correct_python_programs/twice.py',
    'json_testcases/twice.json',
  ])
    await cp(path.join(folder, 'benchmark', file), path.join(from, file));
  await cp(path.join(out(), 'coder/twice'), path.join(to, 'coder/double'), { recursive: true });
  expect(await run({ from, to })).toMatchObject([
    {
      program: 'twice',
      status: 'left-out',
      why: expect.stringContaining('100 % of its form in common with coder/double'),
    },
  ]);
  expect(await readdir(path.join(to, 'coder'))).toEqual(['double']);
});

test('a cancelled import has written nothing', async () => {
  const to = path.join(folder, 'cancelled');
  const options = {
    root: packageRoot(),
    from: path.join(folder, 'benchmark'),
    to,
    force: false,
    note: () => {},
  };
  const asked = importBenchmark({ ...options, signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ code: 'CX-RUN-CANCELLED' });
  expect(await readdir(folder)).not.toContain('cancelled');
});

describe('what is no benchmark is refused, and nothing is written', () => {
  test.each([
    ['a folder without programs', () => folder],
    ['no folder', () => path.join(folder, 'nowhere')],
    ['folders behind a symbolic link', () => path.join(folder, 'linked')],
  ])('%s', async (_name, from) => {
    await mkdir(path.join(folder, 'linked'), { recursive: true });
    await symlink(
      path.join(folder, 'benchmark/python_programs'),
      path.join(folder, 'linked/python_programs'),
    ).catch(() => {});
    const to = path.join(folder, 'not-made');
    await expect(run({ from: from(), to })).rejects.toMatchObject({ code: 'CX-BUG-SOURCE' });
    expect(await readdir(folder)).not.toContain('not-made');
  });
});
