import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importedModules } from './imported-modules.ts';

async function folder(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'imported-modules-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

const TEAM = {
  'team/__init__.py': '',
  'team/a.py': '',
  'team/b.py': '',
  'team/inner/__init__.py': '',
  'team/inner/deep.py': '',
  'alone.py': '',
};

test.each<[string, string, string[]]>([
  ['a module and its package', 'import dspy\n', []],
  ['import with several names', 'import os, alone, team.a as a\n', ['alone.py', 'team/a.py']],
  ['names of a module', 'from team.a import one, two\n', ['team/a.py']],
  ['a module as a name', 'from team import a, b as other\n', ['team/a.py', 'team/b.py']],
  [
    'parentheses over several lines, with comments',
    'from team import (  # two (of them)\n    a,\n    b,  # the other\n)\n',
    ['team/a.py', 'team/b.py'],
  ],
  ['a line that goes on', 'from team \\\n    import a\n', ['team/a.py']],
  ['relative to the package', 'from . import a\nfrom .b import x\n', ['team/a.py', 'team/b.py']],
  [
    'inside of a function, and after a colon or semicolon',
    'def f():\n    import team.a\nif True: import team.b; import alone\n',
    ['alone.py', 'team/a.py', 'team/b.py'],
  ],
  ['a package on the way', 'import team.inner.deep\n', ['team/inner/__init__.py', 'team/inner/deep.py']],
  ['a comment', '# import team.a\nx = 1  # from team import b\n', []],
  ['what is not there', 'import team.c\nfrom other import a\nfrom .... import b\n', []],
])('%s', async (_, text, expected) => {
  const root = await folder({ ...TEAM, 'team/start.py': text });
  expect(await importedModules(root, ['team.start'])).toEqual(
    [...expected, 'team/__init__.py', 'team/start.py'].sort(),
  );
});

test('goes on from module to module, in circles too, and from a package upwards', async () => {
  const root = await folder({
    ...TEAM,
    'team/a.py': 'from team.b import x\n',
    'team/b.py': 'import team.a\nfrom team.inner.deep import y\n',
    'team/inner/deep.py': 'from ..c import z\n',
    'team/c.py': '',
    'team/inner/__init__.py': 'from .other import w\n',
    'team/inner/other.py': '',
  });
  expect(await importedModules(root, ['team.a'])).toEqual([
    'team/__init__.py',
    'team/a.py',
    'team/b.py',
    'team/c.py',
    'team/inner/__init__.py',
    'team/inner/deep.py',
    'team/inner/other.py',
  ]);
});
