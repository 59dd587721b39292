import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadGate } from '../../config/gate.ts';
import { OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import { copyGateProject } from './gate-project.ts';
import { withOptimized } from './optimized-arm.ts';
import { pipelineCaps } from './pipeline-caps.ts';

let project: Awaited<ReturnType<typeof copyGateProject>>;
let file: string;
beforeAll(async () => {
  project = await copyGateProject([]);
  file = path.join(project.root, OPTIMIZER_BUDGET_FILE);
});
afterAll(() => project.remove());
beforeEach(() => copyFile(path.join(packageRoot(), OPTIMIZER_BUDGET_FILE), file));

async function caps(flags: Readonly<Record<string, string>>) {
  return pipelineCaps(project.root, withOptimized(await loadGate(project.root), flags));
}
async function replace(from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

test('no role has caps of its own where no candidate has an optimized program, file or not', async () => {
  await rm(file);
  expect(await caps({})).toEqual([]);
});

test('a role whose candidate has one is held to its own caps, mean and 95th percentile, soft and hard', async () => {
  await replace('tokens: { mean: 0.25, p95: 0.25 }', 'tokens: { mean: { hard: 0.2, warn: 0.1 }, p95: 0.4 }');
  expect(await caps({ OPTIMIZE_PLANNER: '1' })).toEqual([
    {
      metric: 'latency',
      role: 'planner',
      limit: 0.2,
      tailLimit: 0.2,
      soft: { mean: expect.closeTo(0.16, 9), p95: expect.closeTo(0.16, 9) },
      enforced: true,
    },
    {
      metric: 'tokens',
      role: 'planner',
      limit: 0.2,
      tailLimit: 0.4,
      soft: { mean: 0.1, p95: expect.closeTo(0.32, 9) },
      enforced: true,
    },
  ]);
});

test('each role has its own, also where the optimized pipeline is the candidate without a flag', async () => {
  await replace('  planner:\n', '  planner:\n    pipeline: { latency: { mean: 0.05, p95: 0.1 } }\n');
  const gate = await loadGate(project.root);
  const roles = Object.fromEntries(
    Object.entries(gate.roles).map(([role, arms]) => [role, { ...arms, candidate: `${role}-optimized` }]),
  );
  const made = await pipelineCaps(project.root, { ...gate, roles });
  expect(made.map(({ role, metric, limit }) => `${role} ${metric} ${limit}`)).toEqual([
    'coder latency 0.2',
    'coder tokens 0.25',
    'planner latency 0.05',
    'planner tokens 0.25',
  ]);
});

test('without `stop`, its caps are watched', async () => {
  await replace('onViolation: [stop, keep-best, alert]', 'onViolation: [alert]');
  const made = await caps({ OPTIMIZE_PLANNER: '1' });
  expect(made.map(({ enforced }) => enforced)).toEqual([false, false]);
});

test.each([
  ['no budget', () => rm(file), 'CX-CONFIG-MISSING'],
  ['a budget that the gate contradicts', () => replace('mean: 0.20', 'mean: 0.30'), 'CX-CONFIG-INVALID'],
])('such a role with %s is refused before anything runs', async (_name, spoil, code) => {
  await spoil();
  await expect(caps({ OPTIMIZE_PLANNER: '1' })).rejects.toMatchObject({ code });
});
