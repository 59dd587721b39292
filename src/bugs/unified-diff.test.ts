import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUGGY, FIXED, Shop } from './test-support.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

describe('of a diff', () => {
  const diff = (name: string, content: string | Buffer) => shop.file(name, content);
  const fix = async () => {
    const hash = await shop.revision('Count the last, partial page');
    return (await shop.git('diff', `${hash}^`, hash)).stdout;
  };

  test('whose shop.repository has the fix already', async () => {
    const made = await shop.propose({
      diff: await diff('fix.diff', `${await fix()}\n`),
      id: 'fixed-already',
    });
    expect(made).toMatchObject({ missing: [] });
    expect(made.files['buggy.py']).toBe(BUGGY);
  });

  test('whose shop.repository has the bug still', async () => {
    const before = path.join(shop.folder, 'before');
    await cp(shop.repository, before, { recursive: true });
    await writeFile(path.join(before, 'shop/paging.py'), BUGGY);
    await rm(path.join(before, 'tests/test_paging.py'));
    const made = await shop.propose({
      diff: await diff('fix.diff', `${await fix()}\n`),
      repo: before,
      id: 'still-a-bug',
    });
    expect(made).toMatchObject({ missing: [] });
    expect(made.files['fixed.py']).toBe(FIXED);
  });

  test('as git mails it: its subject is the title', async () => {
    const mail = (
      await shop.git('format-patch', '-1', '--stdout', await shop.revision('Count the last, partial page'))
    ).stdout;
    const made = await shop.propose({ diff: await diff('fix.patch', `${mail}\n`), id: 'mailed' });
    expect(made).toMatchObject({ missing: [], title: 'Count the last, partial page' });
  });

  test('without a shop.repository, as far as its lines go', async () => {
    const nowhere = path.join(shop.folder, 'empty');
    await mkdir(nowhere);
    const whole = await shop.propose({
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
    const part = await shop.propose({ diff: await diff('part.diff', lines.join('\n')), repo: nowhere });
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
    await expect(shop.propose({ diff: await diff('x.diff', content) })).rejects.toMatchObject({
      code: 'CX-BUG-SOURCE',
      message: expect.stringMatching(message),
    });
  });

  test('a symbolic link, another encoding and a missing file are not read', async () => {
    await symlink(path.join(shop.folder, 'fix.diff'), path.join(shop.folder, 'link.diff'));
    await diff('latin.diff', Buffer.from([0xe9, 0x0a]));
    for (const [name, why] of [
      ['link.diff', 'symbolic link'],
      ['latin.diff', 'not UTF-8'],
      ['none.diff', 'cannot be read'],
    ]) {
      await expect(shop.propose({ diff: path.join(shop.folder, name ?? '') })).rejects.toMatchObject({
        code: 'CX-BUG-SOURCE',
        message: expect.stringContaining(why ?? ''),
      });
    }
  });
});
