import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aSuite } from '../test-support.ts';
import { check } from './docs-coherent.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'docs-'));
  await mkdir(path.join(root, 'docs'));
  await writeFile(path.join(root, 'docs/a.md'), '# A heading, `with` code\n\n## Twice\n\n## Twice\n');
  await writeFile(path.join(root, 'package.json'), '{ "scripts": { "gate": "x" } }');
  await mkdir(path.join(root, 'environments'));
  for (const version of ['2.6.27', '3.0.1'])
    await writeFile(
      path.join(root, `environments/${version}.lock`),
      `dspy==${version} \\\n    --hash=sha256:0\n`,
    );
  const packages = {
    '': { devDependencies: { vitest: '^4' } },
    'node_modules/vitest': { version: '4.1.12' },
  };
  await writeFile(path.join(root, 'package-lock.json'), JSON.stringify({ packages }));
});
afterEach(() => rm(root, { recursive: true }));

const OPTIONS = {
  files: ['*.md', 'docs/**/*.md'],
  made: ['out/**', '!out/kept/**'],
  versions: ['DSPy 3.4.1'],
};

const find = async (text: string) => {
  await writeFile(path.join(root, 'README.md'), text);
  const source = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const results = await check.run({ ...aSuite({}), root, source }, OPTIONS);
  return results.map(({ code, place }) => [code, place?.file, place?.line]);
};

test.each<[string, unknown[]]>([
  ['[a](docs/a.md)', []],
  ['[a](./docs/a.md "title") and [b](<docs/a.md>)', []],
  ['\n[a](docs/b.md)', [['CX-DOC-LINK', 'README.md', 2]]],
  ['[a]: docs/b.md', [['CX-DOC-LINK', 'README.md', 1]]],
  ['[a](docs/a.md#a-heading-with-code) [b](docs/a.md#twice-1)', []],
  ['[a](docs/a.md#nothing)', [['CX-DOC-ANCHOR', 'README.md', 1]]],
  ['# Here\n[a](#here) [b](#there)', [['CX-DOC-ANCHOR', 'README.md', 2]]],
  ['# Above\n\nBelow it\n---\n\n[a](#above) [b](#below-it) [c](#---)', [['CX-DOC-ANCHOR', 'README.md', 6]]],
  ['# Über uns\n\n[a](#%C3%BCber-uns)', []],
  ['[a](/docs/a.md) [b](docs/a.md?plain=1#twice)', []],
  ['[a](/docs/b.md)', [['CX-DOC-LINK', 'README.md', 1]]],
  ['[a](docs/100%.md)', [['CX-DOC-LINK', 'README.md', 1]]],
  ['[a](https://example.org/b) [b](mailto:a@b.c)', []],
  ['`[a](docs/b.md)`\n```\n[a](docs/b.md)\n```', []],
  ['Call `npm run gate -- --quick`', []],
  ['Call `npm run gaet`', [['CX-DOC-COMMAND', 'README.md', 1]]],
  [
    'See `docs/a.md`, `docs/`, `a.md`, `and/or`, `docs/*.md`, `@scope/name`, `out/report.json` and `out/sub/`',
    [],
  ],
  ['See `out/kept/a.md`', [['CX-DOC-PATH', 'README.md', 1]]],
  ['See\n`docs/b.md`', [['CX-DOC-PATH', 'README.md', 2]]],
  ['See `docs/deep/`', [['CX-DOC-PATH', 'README.md', 1]]],
  ['See `deep/`, and [`docs/b.md`](docs/a.md)', []],
  ['DSPy 2.6.27, `dspy==3.0.1`, vitest@4.1.12, vitest 4.1, unlocked 1.2.3', []],
  ['from DSPy 2.6.27\nto DSPy 3.0.2', [['CX-DOC-VERSION', 'README.md', 2]]],
  ['```\npip install dspy==3.0.2\n```', [['CX-DOC-VERSION', 'README.md', 2]]],
  ['`npm i vitest@4.1.1`', [['CX-DOC-VERSION', 'README.md', 1]]],
  ['`env add dspy==3.4.1`', []],
])('%j', async (text, expected) => {
  expect(await find(text)).toEqual(expected);
});

test('a path may be named from the file that names it', async () => {
  await writeFile(path.join(root, 'docs/b.md'), 'See `sub/c.md` and `docs/a.md`.');
  expect(await find('')).toEqual([['CX-DOC-PATH', 'docs/b.md', 1]]);
  await mkdir(path.join(root, 'docs/sub'));
  await writeFile(path.join(root, 'docs/sub/c.md'), '');
  expect(await find('')).toEqual([]);
});

test('without lock files no version is wrong', async () => {
  await rm(path.join(root, 'environments'), { recursive: true });
  await writeFile(path.join(root, 'package-lock.json'), 'broken');
  expect(await find('DSPy 9.9.9, vitest 9.9.9')).toEqual([]);
});
