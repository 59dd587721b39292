import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUGGY, CASES, FIXED, Shop } from './test-support.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  await shop.commit('Say it', { README: 'A shop with pages.\n' });
  await shop.commit('Tests only', { 'tests/test_more.py': 'def test(): pass\n' });
  await shop.commit('A basket', {
    'shop/basket.py': 'class Basket:\n    def size(self):\n        return 1\n',
  });
  await shop.commit('An empty basket', {
    'shop/basket.py': 'class Basket:\n    def size(self):\n        return 0\n',
  });
  await shop.commit('Halves', { 'shop/halves.py': 'def half(n):\n    return n\n' });
  await shop.commit('Really halves', { 'shop/halves.py': 'def half(n):\n    return n / 2\n' });
});
afterAll(() => shop.close());

describe('of a commit', () => {
  test('the parent is the bug, the tests of the commit are the hidden tests, and it is proven', async () => {
    const made = await shop.create({ commit: await shop.revision('Count the last, partial page') });
    expect(made).toMatchObject({ bug: 'coder/pages', proven: true, kind: 'rounding', left: [] });
    expect(await shop.text('pages', 'buggy.py')).toBe(BUGGY);
    expect(await shop.text('pages', 'fixed.py')).toBe(FIXED);
    const { examples, ...described } = parse(await shop.text('pages', 'bug.yaml'));
    expect(described).toEqual({
      kind: 'rounding',
      difficulty: 2,
      title: 'Count the last, partial page',
      entry: 'pages',
      line: 1,
    });
    const hidden = parse(await shop.text('pages', 'hidden_tests.yaml'));
    const calls = [...examples, ...hidden].map(({ call, expect }) => `${call} ${expect}`).sort();
    expect(calls).toEqual(CASES.map(([n, size, want]) => `pages(${n}, ${size}) ${want}`).sort());
    expect(await shop.staged()).toEqual([]);
  });

  test('another one gets a name of its own, but is refused where it is like one that is there', async () => {
    const commit = await shop.revision('Count the last, partial page');
    expect(await shop.propose({ commit })).toMatchObject({ bug: 'coder/pages-2' });
    await expect(shop.create({ commit })).rejects.toMatchObject({
      code: 'CX-BUG-INVALID',
      message: expect.stringMatching(/CX-BUG-ALIKE has 100 % of its form in common with coder\/pages/),
    });
    await expect(shop.text('pages-2', 'bug.yaml')).rejects.toThrow('ENOENT');
    expect(await shop.staged()).toEqual([]);
  });

  test('wishes are heard', async () => {
    const commit = await shop.revision('Count the last, partial page');
    const base = path.join(shop.folder, 'wishes');
    const made = await shop.create({
      commit,
      base,
      id: 'last-page',
      kind: 'unit-slip',
      title: 'My title',
      difficulty: 3,
    });
    expect(made).toMatchObject({ bug: 'coder/last-page', kind: 'unit-slip', title: 'My title' });
    await expect(shop.create({ commit, base, id: 'last-page' })).rejects.toMatchObject({
      code: 'CX-BUG-EXISTS',
    });
    // The bug that is replaced is no other one.
    expect(await shop.create({ commit, base, id: 'last-page', force: true })).toMatchObject({
      kind: 'rounding',
    });
  });

  test('a method becomes a draft that says why, with the programs', async () => {
    const made = await shop.create({ commit: await shop.revision('An empty basket') });
    expect(made).toMatchObject({ bug: 'coder/basket', proven: false });
    expect(made.missing[0]).toBe(
      'the fix changes the method Basket.size; a seeded bug is a function of a module',
    );
    expect(await shop.text('basket', 'fixed.py')).toContain('return 0');
    expect(await shop.text('basket', 'bug.yaml')).toContain('# the fix changes the method Basket.size');
  });

  test('without tests it is a draft of the function', async () => {
    const made = await shop.create({ commit: await shop.revision('Really halves') });
    expect(made).toMatchObject({ bug: 'coder/half', proven: false, kind: 'wrong-expression' });
    expect(made.missing).toEqual([
      'no usable test (shop/halves.py: no tests were given)',
      'the fix changes no tests',
    ]);
    expect(await shop.text('half', 'fixed.py')).toContain('return n / 2');
    expect(await shop.text('half', 'hidden_tests.yaml')).toContain('- call: half(TODO)');
  });

  test.each([
    ['Say it', /changes no Python program/],
    ['Tests only', /changes no Python program/],
    ['Halves', /halves.py is new with the fix/],
  ])('"%s" is no fix', async (subject, message) => {
    const commit = await shop.revision(subject);
    const made = shop.create({ commit });
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
    const asked = shop.create({ commit, ...(repo === '' ? {} : { repo: path.join(shop.folder, repo) }) });
    await expect(asked).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringMatching(message),
    });
  });

  test('the first commit has no parent', async () => {
    await expect(shop.create({ commit: await shop.revision('A shop') })).rejects.toMatchObject({
      message: expect.stringContaining('the first commit of its history'),
    });
  });
});
