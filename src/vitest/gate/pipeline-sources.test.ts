import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { pipelineSources } from './pipeline-sources.ts';

const PIPELINES = `pipelines:
  coder: { role: coder, entry: "team.coder:build", scorer: "team.scoring:score" }
`;

async function project(components: string | null): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'pipeline-sources-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(path.join(root, 'fixtures'));
  await writeFile(path.join(root, 'fixtures', 'pipelines.yaml'), PIPELINES);
  if (components !== null) await writeFile(path.join(root, 'fixtures', 'components.yaml'), components);
  return root;
}

test('without components all Python below fixtures shapes the runs', async () => {
  expect(await pipelineSources(await project(null))).toEqual(['fixtures/**/*.py', 'fixtures/pipelines.yaml']);
});

test('a package that only components are made from shapes none', async () => {
  const root = await project(`components:
  dashboard: { entry: "system.dashboard:Probe", tier: 2 }
  coder: { entry: "team.probes:Probe", tier: 1 }
`);
  expect(await pipelineSources(root)).toEqual([
    'fixtures/**/*.py',
    '!fixtures/system/**',
    'fixtures/pipelines.yaml',
  ]);
});

test('a component that is named wrongly is refused with its place', async () => {
  const root = await project('components: { dashboard: { entry: system.dashboard, tier: 2 } }\n');
  await expect(pipelineSources(root)).rejects.toMatchObject({
    code: 'CX-CONFIG-INVALID',
    place: { file: 'fixtures/components.yaml', line: 1 },
  });
});
