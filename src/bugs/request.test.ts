import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadGate } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import { writeNewBug } from './new-bug.ts';
import { Provers } from './prover.ts';
import { type BugRequest, proposeBug } from './request.ts';

const BUGGY =
  'def pages(n, size):\n    """How many pages of a size n things take."""\n    return n // size\n';
const FIXED = `import math\n\n\n${BUGGY.replace('n // size', 'math.ceil(n / size)')}`;
const CASES = [
  [1, 5, 1],
  [5, 5, 1],
  [6, 5, 2],
  [11, 5, 3],
  [12, 5, 3],
  [7, 2, 4],
  [9, 4, 3],
  [10, 5, 2],
];
const TESTS = `from shop.paging import pages\n\ndef test_pages():\n${CASES.map(([n, size, want]) => `    assert pages(${n}, ${size}) == ${want}\n`).join('')}`;

const signal = new AbortController().signal;
let folder: string;
let repository: string;
let base: string;
let provers: Provers;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'new-bug-'));
  repository = path.join(folder, 'repository');
  base = path.join(folder, 'bugs');
  provers = await Provers.start(packageRoot(), await loadGate(packageRoot()), signal);
  await mkdir(path.join(repository, 'shop'), { recursive: true });
  await mkdir(path.join(repository, 'tests'));
  await git('init', '--quiet');
  await commit('A shop', { 'shop/paging.py': BUGGY, README: 'A shop.\n' });
  await commit('Count the last, partial page', { 'shop/paging.py': FIXED, 'tests/test_paging.py': TESTS });
  await commit('Say it', { README: 'A shop with pages.\n' });
  await commit('Tests only', { 'tests/test_more.py': 'def test(): pass\n' });
  await commit('A basket', { 'shop/basket.py': 'class Basket:\n    def size(self):\n        return 1\n' });
  await commit('An empty basket', {
    'shop/basket.py': 'class Basket:\n    def size(self):\n        return 0\n',
  });
  await commit('Halves', { 'shop/halves.py': 'def half(n):\n    return n\n' });
  await commit('Really halves', { 'shop/halves.py': 'def half(n):\n    return n / 2\n' });
});
afterAll(async () => {
  await provers.stop();
  await rm(folder, { recursive: true });
});

const git = (...args: string[]) =>
  execa('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args]);

async function commit(subject: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(repository, name), text);
  await git('add', '--all');
  await git('commit', '--quiet', '-m', subject);
}

/** The commit with a subject. */
const revision = async (subject: string) =>
  (await git('log', '--format=%H', `--grep=^${subject}$`)).stdout.trim();

const request = (more: Partial<BugRequest>): BugRequest => ({
  root: packageRoot(),
  base,
  force: false,
  role: 'coder',
  repo: repository,
  seed: 0,
  signal,
  ...more,
});

async function create(more: Partial<BugRequest>) {
  const asked = request(more);
  const { proposal, left } = await proposeBug(asked);
  const { root, force } = asked;
  return { ...(await writeNewBug(proposal, { root, force, signal, note: () => {}, provers })), left };
}

/** What would be written, without the proof, which takes some seconds. */
async function propose(more: Partial<BugRequest>) {
  const { proposal, left } = await proposeBug(request(more));
  const { place, description, files, missing } = proposal;
  return { ...description, bug: `${place.role}/${place.id}`, files, missing, left };
}

const text = (id: string, file: string) => readFile(path.join(base, 'coder', id, file), 'utf8');
const staged = async () => (await readdir(base).catch(() => [])).filter((name) => name.startsWith('.'));

describe('of a commit', () => {
  test('the parent is the bug, the tests of the commit are the hidden tests, and it is proven', async () => {
    const made = await create({ commit: await revision('Count the last, partial page') });
    expect(made).toMatchObject({ bug: 'coder/pages', proven: true, kind: 'rounding', left: [] });
    expect(await text('pages', 'buggy.py')).toBe(BUGGY);
    expect(await text('pages', 'fixed.py')).toBe(FIXED);
    const { examples, ...described } = parse(await text('pages', 'bug.yaml'));
    expect(described).toEqual({
      kind: 'rounding',
      difficulty: 2,
      title: 'Count the last, partial page',
      entry: 'pages',
      line: 1,
    });
    const hidden = parse(await text('pages', 'hidden_tests.yaml'));
    const calls = [...examples, ...hidden].map(({ call, expect }) => `${call} ${expect}`).sort();
    expect(calls).toEqual(CASES.map(([n, size, want]) => `pages(${n}, ${size}) ${want}`).sort());
    expect(await staged()).toEqual([]);
  });

  test('another one gets a name of its own, and wishes are heard', async () => {
    const commit = await revision('Count the last, partial page');
    expect(await create({ commit })).toMatchObject({ bug: 'coder/pages-2' });
    const made = await create({
      commit,
      id: 'last-page',
      kind: 'unit-slip',
      title: 'My title',
      difficulty: 3,
    });
    expect(made).toMatchObject({ bug: 'coder/last-page', kind: 'unit-slip', title: 'My title' });
    await expect(create({ commit, id: 'last-page' })).rejects.toMatchObject({ code: 'CX-BUG-EXISTS' });
    expect(await create({ commit, id: 'last-page', force: true })).toMatchObject({ kind: 'rounding' });
    expect(await staged()).toEqual([]);
  });

  test('a method becomes a draft that says why, with the programs', async () => {
    const made = await create({ commit: await revision('An empty basket') });
    expect(made).toMatchObject({ bug: 'coder/basket', proven: false });
    expect(made.missing[0]).toBe(
      'the fix changes the method Basket.size; a seeded bug is a function of a module',
    );
    expect(await text('basket', 'fixed.py')).toContain('return 0');
    expect(await text('basket', 'bug.yaml')).toContain('# the fix changes the method Basket.size');
  });

  test('without tests it is a draft of the function', async () => {
    const made = await create({ commit: await revision('Really halves') });
    expect(made).toMatchObject({ bug: 'coder/half', proven: false, kind: 'wrong-expression' });
    expect(made.missing).toEqual([
      'no usable test (shop/halves.py: no tests were given)',
      'the fix changes no tests',
    ]);
    expect(await text('half', 'fixed.py')).toContain('return n / 2');
    expect(await text('half', 'hidden_tests.yaml')).toContain('- call: half(TODO)');
  });

  test.each([
    ['Say it', /changes no Python program/],
    ['Tests only', /changes no Python program/],
    ['Halves', /halves.py is new with the fix/],
  ])('"%s" is no fix', async (subject, message) => {
    const commit = await revision(subject);
    const made = create({ commit });
    if (subject === 'Halves') expect((await made).missing[0]).toMatch(message);
    else
      await expect(made).rejects.toMatchObject({
        code: 'CX-BUG-SOURCE',
        message: expect.stringMatching(message),
      });
  });

  test.each([
    ['nowhere', 'HEAD', /git rev-parse failed|there is no commit/],
    ['', 'no-such-branch', /there is no commit "no-such-branch"/],
    ['', '--output=x', /there is no commit "--output=x"/],
    ['', 'HEAD~99', /there is no commit/],
  ])('a revision that is none is refused: %s %s', async (repo, commit, message) => {
    const asked = create({ commit, ...(repo === '' ? {} : { repo: path.join(folder, repo) }) });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringMatching(message),
    });
  });

  test('the first commit has no parent', async () => {
    await expect(create({ commit: await revision('A shop') })).rejects.toMatchObject({
      message: expect.stringContaining('the first commit of its history'),
    });
  });
});

describe('of a diff', () => {
  const diff = async (name: string, content: string) => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    return file;
  };
  const fix = async () => {
    const hash = await revision('Count the last, partial page');
    return (await git('diff', `${hash}^`, hash)).stdout;
  };

  test('whose repository has the fix already', async () => {
    const made = await propose({ diff: await diff('fix.diff', `${await fix()}\n`), id: 'fixed-already' });
    expect(made).toMatchObject({ missing: [] });
    expect(made.files['buggy.py']).toBe(BUGGY);
  });

  test('whose repository has the bug still', async () => {
    const before = path.join(folder, 'before');
    await cp(repository, before, { recursive: true });
    await writeFile(path.join(before, 'shop/paging.py'), BUGGY);
    await rm(path.join(before, 'tests/test_paging.py'));
    const made = await propose({
      diff: await diff('fix.diff', `${await fix()}\n`),
      repo: before,
      id: 'still-a-bug',
    });
    expect(made).toMatchObject({ missing: [] });
    expect(made.files['fixed.py']).toBe(FIXED);
  });

  test('as git mails it: its subject is the title', async () => {
    const mail = (await git('format-patch', '-1', '--stdout', await revision('Count the last, partial page')))
      .stdout;
    const made = await propose({ diff: await diff('fix.patch', `${mail}\n`), id: 'mailed' });
    expect(made).toMatchObject({ missing: [], title: 'Count the last, partial page' });
  });

  test('without a repository, as far as its lines go', async () => {
    const nowhere = path.join(folder, 'empty');
    await mkdir(nowhere);
    const whole = await propose({
      diff: await diff('fix.diff', `${await fix()}\n`),
      repo: nowhere,
      id: 'by-lines',
    });
    expect(whole).toMatchObject({ missing: [] });
    const lines = [
      '--- a/x.py',
      '+++ b/x.py',
      '@@ -5,3 +5,3 @@ def f(n):',
      '     a = 1',
      '-    return n',
      '+    return a',
      '     # end',
      '',
    ];
    const part = await propose({ diff: await diff('part.diff', lines.join('\n')), repo: nowhere });
    expect(part.missing.join()).toContain('the diff shows only a part of x.py; name the repository');
  });

  test.each([
    ['no diff', 'Hello.\n', /changes no Python file/],
    ['a broken hunk', '--- a/x.py\n+++ b/x.py\n@@ -1,9 +1,9 @@\n+1\n', /no unified diff/],
    [
      'a path outside',
      '--- a/../../x.py\n+++ b/../../x.py\n@@ -1 +1 @@\n-1\n+2\n',
      /outside of the repository/,
    ],
    ['an absolute path', '--- /etc/x.py\n+++ /etc/x.py\n@@ -1 +1 @@\n-1\n+2\n', /outside of the repository/],
    ['tests only', '--- a/test_x.py\n+++ b/test_x.py\n@@ -1 +1 @@\n-1\n+2\n', /changes no Python program/],
  ])('%s is refused', async (_name, content, message) => {
    await expect(propose({ diff: await diff('x.diff', content) })).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringMatching(message),
    });
  });

  test('a symbolic link, another encoding and a missing file are not read', async () => {
    await symlink(path.join(folder, 'fix.diff'), path.join(folder, 'link.diff'));
    await writeFile(path.join(folder, 'latin.diff'), Buffer.from([0xe9, 0x0a]));
    for (const [name, why] of [
      ['link.diff', 'symbolic link'],
      ['latin.diff', 'not UTF-8'],
      ['none.diff', 'cannot be read'],
    ]) {
      await expect(propose({ diff: path.join(folder, name ?? '') })).rejects.toMatchObject({
        code: 'CX-BUG-SOURCE',
        message: expect.stringContaining(why ?? ''),
      });
    }
  });
});

describe('planted', () => {
  test('one that the tests beside the file catch, the same for the same seed', async () => {
    const mutate = path.join(repository, 'shop/paging.py');
    const first = await create({ mutate, seed: 5, tests: path.join(repository, 'tests/test_paging.py') });
    expect(first).toMatchObject({ proven: true });
    expect(first.title).toMatch(/^pages: /);
    const second = await propose({ mutate, seed: 5 });
    expect(second.files['buggy.py']).toBe(await text(first.id, 'buggy.py'));
    expect(await text(first.id, 'fixed.py')).toBe(FIXED);
  });

  test('of a kind that was asked for', async () => {
    const mutate = path.join(repository, 'shop/paging.py');
    await expect(propose({ mutate, kind: 'argument-order' })).rejects.toThrow(/no operator applies/);
    expect(await create({ mutate, kind: 'wrong-variable' })).toMatchObject({
      kind: 'wrong-variable',
      proven: true,
    });
  });

  test('not where the tests catch nothing, and then nothing is written', async () => {
    const before = await readdir(path.join(base, 'coder'));
    const blind = path.join(folder, 'test_blind.py');
    await writeFile(
      blind,
      'from shop.paging import pages\ndef test():\n    assert pages(0, 1) == 0\n    assert pages(0, 2) == 0\n',
    );
    const asked = create({ mutate: path.join(repository, 'shop/paging.py'), tests: blind });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringContaining('pages: '),
    });
    await expect(create({ mutate: path.join(repository, 'shop/halves.py') })).rejects.toMatchObject({
      code: 'CX-USAGE',
      message: 'there are no tests of halves.py near it',
    });
    expect(await readdir(path.join(base, 'coder'))).toEqual(before);
    expect(await staged()).toEqual([]);
  });
});

describe('of files', () => {
  const file = async (name: string, content: string) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const programs = async () => ({
    buggy: await file('before.py', BUGGY),
    fixed: await file('after.py', FIXED),
  });

  test('with tests in Python, JSON and YAML', async () => {
    const json = CASES.map(([n, size, want]) => `${JSON.stringify([[n, size], want])}\n`).join('');
    const yaml = CASES.map(([n, size, want]) => `- call: pages(${n}, ${size})\n  expect: ${want}\n`).join('');
    const all = {
      'test_it.py': TESTS.replace('shop.paging', 'after'),
      'cases.json': json,
      'hidden_tests.yaml': yaml,
    };
    for (const [name, content] of Object.entries(all)) {
      const made = await propose({ ...(await programs()), tests: await file(name, content) });
      expect([name, made.missing, made.left]).toEqual([name, [], []]);
    }
  });

  test('without enough tests they are a draft; with wrong ones each is named', async () => {
    const cases = await file('few.json', '[[10, 5], 2]\n[[6, 5], 3]\nnonsense\n[1, 2, 3]\n');
    const made = await propose({ ...(await programs()), tests: cases });
    expect(made).toMatchObject({ missing: ['none of 1 usable tests fails on the bug'] });
    expect(made.left.map(({ where, why }) => `${where} ${why}`)).toEqual([
      expect.stringContaining('few.json:3 it is no JSON'),
      'few.json:4 it is no array of inputs and what is expected',
      'few.json:2 pages(6, 5) is 2 on the fix, expected 3',
    ]);
  });

  test.each([
    [{ buggy: 'before.py' }, 'CX-USAGE', /before and after its fix/],
    [{ buggy: 'before.py', fixed: 'none.py' }, 'CX-BUG-SOURCE', /cannot be read/],
    [
      { buggy: 'before.py', fixed: 'after.py', tests: 'x.txt' },
      'CX-USAGE',
      /tests of the form .txt are not known/,
    ],
    [{ buggy: 'before.py', fixed: 'broken.py' }, 'CX-BUG-SOURCE', /is no Python/],
    [
      { buggy: 'before.py', fixed: 'after.py', entry: 'none' },
      'CX-BUG-SOURCE',
      /no function none .*changed functions: pages/,
    ],
  ])('%j is refused', async (names, code, message) => {
    await programs();
    await file('broken.py', 'def pages(:\n');
    const absolute = Object.fromEntries(
      Object.entries(names).map(([flag, name]) => [flag, flag === 'entry' ? name : path.join(folder, name)]),
    );
    await expect(propose(absolute)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('a scaffold', () => {
  const wishes = { kind: 'off-by-one', title: 'One: too many # here' };

  test('of a Coder bug has every file, and what is to do in each', async () => {
    expect(await create({ ...wishes, id: 'sum-to-m' })).toMatchObject({
      bug: 'coder/sum-to-m',
      proven: false,
    });
    expect(await text('sum-to-m', 'buggy.py')).toContain('def sum_to_m():');
    expect(parse(await text('sum-to-m', 'bug.yaml'))).toMatchObject({
      ...wishes,
      entry: 'sum_to_m',
      difficulty: 1,
    });
    expect(parse(await text('sum-to-m', 'hidden_tests.yaml'))).toHaveLength(5);
  });

  test('is a bug once its author has filled it in', async () => {
    const planner = path.join(packageRoot(), 'seeded-bugs/planner/garden');
    const made = await create({
      ...wishes,
      role: 'planner',
      id: 'garden-2',
      tasks: 'water, plant,dig',
      brief: 'A bed. Dig before plant. Plant before water.',
      buggy: path.join(planner, 'buggy.yaml'),
      fixed: path.join(planner, 'fixed.yaml'),
      tests: path.join(planner, 'hidden_tests.yaml'),
    });
    expect(made).toMatchObject({ bug: 'planner/garden-2', proven: true });
    expect(await create({ ...wishes, role: 'planner', id: 'garden-3' })).toMatchObject({
      proven: false,
      missing: ['to be written is what --tasks, --brief, --buggy, --fixed, --tests would have brought'],
    });
  });

  test('that would prove nothing is refused, with the findings', async () => {
    const planner = path.join(packageRoot(), 'seeded-bugs/planner/garden');
    const right = path.join(planner, 'fixed.yaml');
    const asked = create({
      ...wishes,
      role: 'planner',
      id: 'garden-4',
      tasks: 'water,plant,dig',
      brief: 'Dig before plant.',
      buggy: right,
      fixed: right,
      tests: path.join(planner, 'hidden_tests.yaml'),
    });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-INVALID',
      message: 'the bug is not proven: CX-BUG-PASSES buggy.yaml is a right plan (buggy.yaml)',
    });
    expect(await readdir(path.join(base, 'planner'))).not.toContain('garden-4');
    expect(await staged()).toEqual([]);
  });

  test.each([
    [{ ...wishes }, 'CX-USAGE', /needs --id/],
    [{ ...wishes, id: '../x' }, 'CX-USAGE', /no id of a seeded bug/],
    [{ ...wishes, id: 'pages' }, 'CX-BUG-EXISTS', /already a seeded bug coder\/pages/],
  ])('%j is refused', async (more, code, message) => {
    await expect(create(more)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a folder that cannot be written is named, and nothing is left', async () => {
    await writeFile(path.join(folder, 'a-file'), '');
    const asked = create({ ...wishes, id: 'x', base: path.join(folder, 'a-file') });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      place: { file: path.join(folder, 'a-file') },
    });
  });
});
