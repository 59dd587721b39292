import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type GateConfig, gateSchema } from '../../config/gate.ts';
import { baselineSources } from './current-baseline.ts';

const gate = gateSchema.parse({
  environments: { baseline: 'old', candidate: 'new' },
  roles: { coder: { baseline: 'coder-legacy', candidate: 'coder-native' } },
  lm: { model: 'm', parameters: { temperature: 0.7 } },
});

const pipelines = (change: { legacy?: string; native?: string; further?: string } = {}) => `pipelines:
  coder-legacy:
    { role: coder, entry: "team.legacy:build", scorer: "team.scoring:score", params: ${change.legacy ?? '{}'} }
  coder-native: { role: coder, entry: "team.native:build", params: ${change.native ?? '{}'} }
${change.further ?? ''}`;

const FILES = {
  'fixtures/pipelines.yaml': pipelines(),
  'fixtures/team/__init__.py': '',
  'fixtures/team/legacy.py': 'from team.shared import sort\n',
  'fixtures/team/native.py': 'from team.shared import sort\nfrom team.votes import count\n',
  'fixtures/team/shared.py': '',
  'fixtures/team/votes.py': '',
  'fixtures/team/scoring.py': '',
  'seeded-bugs/coder/one/bug.yaml': 'title: One\n',
  'eval/recordings/coder/one/coder-legacy@old.0.json': '{}',
  'eval/recordings/coder/one/coder-native@new.0.json': '{}',
  'environments/old.lock': 'dspy==1\n',
  'environments/new.lock': 'dspy==2\n',
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'baseline-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), text);
}

describe('what the baseline is made of', () => {
  test.each([
    ['its pipeline', 'fixtures/team/legacy.py', '# Changed.\n'],
    ['a module that it imports', 'fixtures/team/shared.py', '# Changed.\n'],
    ['its scorer', 'fixtures/team/scoring.py', '# Changed.\n'],
    ['its entry of pipelines.yaml', 'fixtures/pipelines.yaml', pipelines({ legacy: '{ demos: 2 }' })],
    ['a seeded bug', 'seeded-bugs/coder/one/bug.yaml', 'title: Two\n'],
    ['a further seeded bug', 'seeded-bugs/coder/two/bug.yaml', 'title: Two\n'],
    ['its recording', 'eval/recordings/coder/one/coder-legacy@old.0.json', '{ }'],
    ['its lock', 'environments/old.lock', 'dspy==3\n'],
  ])('%s', async (_, name, text) => {
    const before = await baselineSources(root, gate);
    await write(name, text);
    expect(await baselineSources(root, gate)).not.toBe(before);
  });

  test.each<[string, Partial<GateConfig>]>([
    ['the number of repeats', { repeats: 5 }],
    ['the parameters of the model', { lm: { model: 'm', parameters: { temperature: 0 } } }],
    ['its environment', { environments: { baseline: 'new', candidate: 'new' } }],
  ])('%s', async (_, change) => {
    expect(await baselineSources(root, { ...gate, ...change })).not.toBe(await baselineSources(root, gate));
  });
});

test.each([
  ['the pipeline of the candidate', 'fixtures/team/native.py', '# Changed.\n'],
  ['a module that only the candidate imports', 'fixtures/team/votes.py', '# Changed.\n'],
  ['a module that nothing imports', 'fixtures/team/idle.py', '# New.\n'],
  ['the entry of the candidate', 'fixtures/pipelines.yaml', pipelines({ native: '{ demos: 2 }' })],
  [
    'a further pipeline',
    'fixtures/pipelines.yaml',
    pipelines({ further: '  control: { role: coder, entry: "team.control:build", lm: false }\n' }),
  ],
  ['a recording of the candidate', 'eval/recordings/coder/one/coder-native@new.0.json', '{ }'],
  ['the lock of the candidate', 'environments/new.lock', 'dspy==3\n'],
])('the baseline is not made of %s', async (_, name, text) => {
  const before = await baselineSources(root, gate);
  await write(name, text);
  expect(await baselineSources(root, gate)).toBe(before);
});

test('a pipeline that does not exist is named with the nearest', async () => {
  const misspelt = { ...gate, roles: { coder: { baseline: 'coder-legac', candidate: 'coder-native' } } };
  await expect(baselineSources(root, misspelt)).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    message: 'there is no pipeline "coder-legac" for the role coder of baseline',
    hint: expect.stringContaining('coder-legacy'),
  });
});
