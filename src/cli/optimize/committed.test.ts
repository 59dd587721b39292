import { cp, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Optimization } from '../../config/optimization.ts';
import { OPTIMIZED_FOLDER, PROGRAM_FILE, readOptimizations } from '../../config/optimizations.ts';
import { packageRoot } from '../../config/package-root.ts';
import { hashJson, type Json } from '../../core/json.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { renewalOf } from '../../vitest/gate/optimized-program.ts';
import { runCommand } from '../test-support.ts';

// Real optimizers: a busy machine is no failure.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** What this repository says that optimizers found. */
const COMMITTED = readOptimizations(packageRoot());

let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeAll(async () => {
  project = await copyGateProject([]);
  const pathsOf = (name: string) => [path.join(packageRoot(), name), path.join(project.root, name)] as const;
  for (const name of ['optimizer_budget.yaml', 'eval/optimized', 'eval/recordings/optimize'])
    await cp(...pathsOf(name), { recursive: true });
  await symlink(...pathsOf('seeded-bugs'));
});
afterAll(() => project.remove());

test('both roles are there, and every optimizer', () => {
  expect(new Set(COMMITTED.map(({ role }) => role))).toEqual(new Set(['coder', 'planner']));
  expect(new Set(COMMITTED.map(({ optimizer }) => optimizer))).toEqual(
    new Set(['gepa', 'labeled-few-shot', 'bootstrap-few-shot', 'miprov2']),
  );
});

test.each(COMMITTED)('$role with $optimizer: a replay finds what is committed', async (committed) => {
  // By the command that people are told: the later `--lm` holds.
  const argv = [...renewalOf(committed).split(' '), '--lm=replay', '--json', '--quiet'];
  const { exitCode, stdout, stderr } = await runCommand(project.root, argv);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual(committed);
  expect(committed.programSha256).toBe(hashJson(await programOf(committed)));
});

async function programOf({ role, optimizer }: Optimization): Promise<Json> {
  const folder = path.join(packageRoot(), OPTIMIZED_FOLDER, role, optimizer === 'gepa' ? '' : optimizer);
  return JSON.parse(await readFile(path.join(folder, PROGRAM_FILE), 'utf8')) as Json;
}
