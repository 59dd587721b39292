import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSeededBugs } from './bugs.ts';
import { loadFixtures } from './fixtures.ts';
import { loadPipelines } from './pipelines.ts';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const names = { pipelines: ['coder-native'], environments: ['dspy-3.0.1'], bugs: ['coder/largest'] };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fixtures-'));
  await mkdir(path.join(root, 'fixtures/deep'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const write = (file: string, text: string) => writeFile(path.join(root, 'fixtures', file), text);
const minimal = (name: string, rest = 'bug: coder/largest\nexpect: {}') =>
  `name: ${name}\npipeline: coder-native\n${rest}\n`;

test('the fixtures and pipelines of the repository load', async () => {
  const pipelines = await loadPipelines(repository);
  const bugs = (await loadSeededBugs(repository)).map((bug) => `${bug.role}/${bug.id}`);
  const fixtures = await loadFixtures(repository, { pipelines: pipelines.keys(), bugs });
  expect(fixtures.length).toBeGreaterThan(0);
});

test('every pipeline of the repository is told visible fields only', async () => {
  const bugs = await loadSeededBugs(repository);
  for (const pipeline of (await loadPipelines(repository)).values()) {
    const shown = Object.keys(bugs.find((bug) => bug.role === pipeline.role)?.visible ?? {});
    expect(shown).toEqual(expect.arrayContaining([...pipeline.inputs]));
  }
});

test('defaults are filled in, files come in the order of their paths', async () => {
  await write('z.fixture.yaml', minimal('z'));
  await write(
    'deep/a.fixture.yaml',
    minimal('a', 'inputs: { code: x }\nrepeat: 2\nexpect: { status: error }'),
  );
  expect(await loadFixtures(root, names)).toEqual([
    {
      name: 'a',
      pipeline: 'coder-native',
      environment: null,
      bug: null,
      inputs: { code: 'x' },
      repeat: 2,
      faults: [],
      expect: { status: 'error' },
      source: 'fixtures/deep/a.fixture.yaml',
    },
    expect.objectContaining({
      name: 'z',
      bug: 'coder/largest',
      inputs: null,
      repeat: 0,
      expect: { status: 'ok' },
    }),
  ]);
});

const wrong: [string, string, object][] = [
  ['neither bug nor inputs', minimal('a', 'expect: {}'), { message: expect.stringContaining('either') }],
  [
    'both bug and inputs',
    minimal('a', 'bug: coder/largest\ninputs: {}\nexpect: {}'),
    { message: expect.stringContaining('either') },
  ],
  [
    'an error code of a run that is expected to work',
    minimal('a', 'bug: coder/largest\nexpect: { error: CX-RUN-TIMEOUT }'),
    { place: { file: 'fixtures/a.fixture.yaml', line: 4, column: 18 } },
  ],
  [
    'an unknown expectation',
    minimal('a', 'bug: coder/largest\nexpect: { outcom: 1 }'),
    { hint: 'Did you mean "outcome"?' },
  ],
  [
    'an unknown pipeline',
    minimal('a').replace('coder-native', 'coder-nativ'),
    { code: 'CX-CONFIG-REFERENCE', hint: 'Did you mean "coder-native"?' },
  ],
  [
    'an unknown bug',
    minimal('a', 'bug: coder/large\nexpect: {}'),
    { code: 'CX-CONFIG-REFERENCE', place: { file: 'fixtures/a.fixture.yaml' } },
  ],
  [
    'an unknown environment',
    minimal('a', 'bug: coder/largest\nenvironment: dspy-3.0.2\nexpect: {}'),
    { code: 'CX-CONFIG-REFERENCE', hint: 'Did you mean "dspy-3.0.1"?' },
  ],
];
test.each(wrong)('refuses %s', async (_name, text, expected) => {
  await write('a.fixture.yaml', text);
  await expect(loadFixtures(root, names)).rejects.toMatchObject(expected);
});

test('refuses a name that is used twice', async () => {
  await write('a.fixture.yaml', minimal('same'));
  await write('b.fixture.yaml', minimal('same'));
  await expect(loadFixtures(root, names)).rejects.toMatchObject({
    code: 'CX-CONFIG-INVALID',
    place: { file: 'fixtures/b.fixture.yaml' },
  });
});
