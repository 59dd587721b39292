import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadPytestSuites } from './pytest-suites.ts';

const environments = ['2.6.27', '3.0.1'].map((dspy) => ({
  name: `dspy-${dspy}`,
  dspy,
  python: '>=3.10',
  requirements: [],
  constraints: null,
}));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pytest-suites-'));
  await mkdir(path.join(root, 'fixtures/deep'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const write = (file: string, text: string) => writeFile(path.join(root, 'fixtures', file), text);
const load = () => loadPytestSuites(root, environments);

test('a project may have none', async () => {
  expect(await load()).toEqual([]);
});

test('defaults are filled in, files come in the order of their paths', async () => {
  await write('z.pytest.yaml', 'name: z\nroot: ../service\n');
  await write(
    'deep/a.pytest.yaml',
    `name: a
root: services/a
environments: [dspy-2.6.27, 3.0.1]
requirements: ["httpx==0.28.1", "-r requirements.txt"]
arguments: ["-m", "not slow"]
secondsPerTest: 2.5
network: true
strict: true
`,
  );
  expect(await load()).toEqual([
    {
      name: 'a',
      root: 'services/a',
      environments: ['dspy-2.6.27', '3.0.1'],
      requirements: ['httpx==0.28.1', '-r requirements.txt'],
      arguments: ['-m', 'not slow'],
      secondsPerTest: 2.5,
      network: true,
      strict: true,
      source: 'fixtures/deep/a.pytest.yaml',
    },
    {
      name: 'z',
      root: '../service',
      requirements: [],
      arguments: [],
      secondsPerTest: 60,
      network: false,
      strict: false,
      source: 'fixtures/z.pytest.yaml',
    },
  ]);
});

test.each<[string, string, object]>([
  ['no folder', 'name: a\n', { code: 'CX-CONFIG-INVALID', message: expect.stringContaining('root') }],
  [
    'a key of a fixture',
    'name: a\nroot: .\npipeline: coder-native\n',
    { message: 'unknown key "pipeline"', place: { file: 'fixtures/a.pytest.yaml', line: 3, column: 1 } },
  ],
  ['a misspelt key', 'name: a\nroot: .\nrequirement: []\n', { hint: 'Did you mean "requirements"?' }],
  ['a limit of nothing', 'name: a\nroot: .\nsecondsPerTest: 0\n', { hint: 'Expected more than 0.' }],
  [
    'one environment',
    'name: a\nroot: .\nenvironments: [3.0.1]\n',
    { code: 'CX-CONFIG-INVALID', place: { file: 'fixtures/a.pytest.yaml', line: 3, column: 15 } },
  ],
  [
    'an environment that is not there',
    'name: a\nroot: .\nenvironments: [dspy-2.6.27, dspy-3.0.2]\n',
    {
      code: 'CX-CONFIG-REFERENCE',
      place: { file: 'fixtures/a.pytest.yaml' },
      hint: 'Did you mean "dspy-3.0.1"?',
    },
  ],
])('refuses %s', async (_, text, expected) => {
  await write('a.pytest.yaml', text);
  await expect(load()).rejects.toMatchObject(expected);
});

test('refuses a name that is used twice', async () => {
  for (const file of ['a', 'b']) await write(`${file}.pytest.yaml`, 'name: same\nroot: .\n');
  await expect(load()).rejects.toMatchObject({
    code: 'CX-CONFIG-INVALID',
    message: 'the name "same" is used by fixtures/a.pytest.yaml too',
    place: { file: 'fixtures/b.pytest.yaml' },
  });
});
