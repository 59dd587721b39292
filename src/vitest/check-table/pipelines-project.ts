import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import { moduleOf, pipelineOf, type Row } from './check-case.ts';

const BUG = 'seeded-bugs/planner/bridge-repair';

/** What has to be linked into a project whose tests run pipelines. */
export const LINKED = ['environments', '.constitution/envs', 'fixtures/reference'] as const;

/** What a project needs whose tests run the pipelines of the rows; `endpoint` is their LM. */
export async function pipelineFiles(rows: readonly Row[], endpoint: string): Promise<Record<string, string>> {
  const pipelines = rows.flatMap((row) => {
    const { pipeline } = row.sample;
    if (pipeline === undefined) return [];
    return [[pipelineOf(row), { role: 'little', entry: `${moduleOf(row)}:build`, ...pipeline }] as const];
  });
  const gate = {
    environments: { baseline: 'dspy-2.6.27', candidate: 'dspy-3.0.1' },
    // None of them is the baseline: what that hands out was accepted so far.
    roles: { little: { baseline: 'none', candidate: pipelines[0]?.[0] } },
    lm: { model: 'scripted', endpoint },
  };
  const files: Record<string, string> = {
    'gate.yaml': JSON.stringify(gate),
    'fixtures/pipelines.yaml': JSON.stringify({ pipelines: Object.fromEntries(pipelines) }),
  };
  for (const name of ['bug.yaml', 'buggy.yaml', 'fixed.yaml', 'hidden_tests.yaml'])
    files[`${BUG}/${name}`] = await readFile(path.join(packageRoot(), BUG, name), 'utf8');
  return files;
}
