import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../config/package-root.ts';
import { BUGGY, CASES, FIXED, Shop, TESTS } from './test-support.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  await shop.commit('Halves', { 'shop/halves.py': 'def half(n):\n    return n / 2\n' });
});
afterAll(() => shop.close());

describe('planted', () => {
  test('one that the tests beside the file catch, the same for the same seed', async () => {
    const mutate = path.join(shop.repository, 'shop/paging.py');
    const first = await shop.create({
      mutate,
      seed: 5,
      tests: path.join(shop.repository, 'tests/test_paging.py'),
    });
    expect(first).toMatchObject({ proven: true });
    expect(first.title).toMatch(/^pages: /);
    const second = await shop.propose({ mutate, seed: 5 });
    expect(second.files['buggy.py']).toBe(await shop.text(first.id, 'buggy.py'));
    expect(await shop.text(first.id, 'fixed.py')).toBe(FIXED);
  });

  test('of a kind that was asked for', async () => {
    const mutate = path.join(shop.repository, 'shop/paging.py');
    await expect(shop.propose({ mutate, kind: 'argument-order' })).rejects.toThrow(/no operator applies/);
    // Beside another bug of the same few lines it would be that bug told twice.
    const base = path.join(shop.folder, 'alone');
    expect(await shop.create({ mutate, kind: 'wrong-variable', base })).toMatchObject({
      kind: 'wrong-variable',
      proven: true,
    });
  });

  test('not where the tests catch nothing, and then nothing is written', async () => {
    const before = await readdir(path.join(shop.base, 'coder'));
    const blind = path.join(shop.folder, 'test_blind.py');
    await writeFile(
      blind,
      'from shop.paging import pages\ndef test():\n    assert pages(0, 1) == 0\n    assert pages(0, 2) == 0\n',
    );
    const asked = shop.create({ mutate: path.join(shop.repository, 'shop/paging.py'), tests: blind });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringContaining('pages: '),
    });
    await expect(shop.create({ mutate: path.join(shop.repository, 'shop/halves.py') })).rejects.toMatchObject(
      {
        code: 'CX-USAGE',
        message: 'there are no tests of halves.py near it',
      },
    );
    expect(await readdir(path.join(shop.base, 'coder'))).toEqual(before);
    expect(await shop.staged()).toEqual([]);
  });
});

describe('of files', () => {
  const file = (name: string, content: string) => shop.file(name, content);
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
      const made = await shop.propose({ ...(await programs()), tests: await file(name, content) });
      expect([name, made.missing, made.left]).toEqual([name, [], []]);
    }
  });

  test('without enough tests they are a draft; with wrong ones each is named', async () => {
    const cases = await file('few.json', '[[10, 5], 2]\n[[6, 5], 3]\nnonsense\n[1, 2, 3]\n');
    const made = await shop.propose({ ...(await programs()), tests: cases });
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
      Object.entries(names).map(([flag, name]) => [
        flag,
        flag === 'entry' ? name : path.join(shop.folder, name),
      ]),
    );
    await expect(shop.propose(absolute)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('a scaffold', () => {
  const wishes = { kind: 'off-by-one', title: 'One: too many # here' };

  test('of a Coder bug has every file, and what is to do in each', async () => {
    expect(await shop.create({ ...wishes, id: 'sum-to-m' })).toMatchObject({
      bug: 'coder/sum-to-m',
      proven: false,
    });
    expect(await shop.text('sum-to-m', 'buggy.py')).toContain('def sum_to_m():');
    expect(parse(await shop.text('sum-to-m', 'bug.yaml'))).toMatchObject({
      ...wishes,
      entry: 'sum_to_m',
      difficulty: 1,
    });
    expect(parse(await shop.text('sum-to-m', 'hidden_tests.yaml'))).toHaveLength(5);
  });

  test('is a bug once its author has filled it in', async () => {
    const planner = path.join(packageRoot(), 'seeded-bugs/planner/garden');
    const made = await shop.create({
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
    expect(await shop.create({ ...wishes, role: 'planner', id: 'garden-3' })).toMatchObject({
      proven: false,
      missing: ['to be written is what --tasks, --brief, --buggy, --fixed, --tests would have brought'],
    });
  });

  test('of a Planner bug keeps all that its hidden tests state', async () => {
    const tests = path.join(shop.folder, 'resources.yaml');
    const stated = {
      dependencies: [['dig', 'plant']],
      resources: [{ resource: 'hose', order: ['plant', 'water'] }],
    };
    await writeFile(tests, JSON.stringify(stated));
    await shop.create({ ...wishes, role: 'planner', id: 'garden-5', tests });
    const written = await readFile(path.join(shop.base, 'planner/garden-5/hidden_tests.yaml'), 'utf8');
    expect(parse(written)).toEqual(stated);
  });

  test('that would prove nothing is refused, with the findings', async () => {
    const planner = path.join(packageRoot(), 'seeded-bugs/planner/garden');
    const right = path.join(planner, 'fixed.yaml');
    const asked = shop.create({
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
    expect(await readdir(path.join(shop.base, 'planner'))).not.toContain('garden-4');
    expect(await shop.staged()).toEqual([]);
  });

  test.each([
    [{ ...wishes }, 'CX-USAGE', /needs --id/],
    [{ ...wishes, id: '../x' }, 'CX-USAGE', /no id of a seeded bug/],
    [{ ...wishes, id: 'x', kind: 'Off by one' }, 'CX-USAGE', /"Off by one" is no kind/],
    [{ ...wishes, id: 'x', entry: 'a b' }, 'CX-USAGE', /"a b" is no name of a Python function/],
    [{ ...wishes, id: 'x', title: ' ' }, 'CX-USAGE', /the title is empty/],
    [{ ...wishes, id: 'pages' }, 'CX-BUG-EXISTS', /already a seeded bug coder\/pages/],
  ])('%j is refused', async (more, code, message) => {
    await expect(shop.create(more)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a folder that cannot be written is named, and nothing is left', async () => {
    await writeFile(path.join(shop.folder, 'a-file'), '');
    const asked = shop.create({ ...wishes, id: 'x', base: path.join(shop.folder, 'a-file') });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      place: { file: path.join(shop.folder, 'a-file') },
    });
  });
});
