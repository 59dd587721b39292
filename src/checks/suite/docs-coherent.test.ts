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
});
afterEach(() => rm(root, { recursive: true }));

const find = async (text: string) => {
  await writeFile(path.join(root, 'README.md'), text);
  const source = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const results = await check.run({ ...aSuite({}), root, source }, { files: ['*.md', 'docs/**/*.md'] });
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
  ['[a](https://example.org/b) [b](mailto:a@b.c)', []],
  ['`[a](docs/b.md)`\n```\n[a](docs/b.md)\n```', []],
  ['Call `npm run gate -- --quick`', []],
  ['Call `npm run gaet`', [['CX-DOC-COMMAND', 'README.md', 1]]],
])('%j', async (text, expected) => {
  expect(await find(text)).toEqual(expected);
});
