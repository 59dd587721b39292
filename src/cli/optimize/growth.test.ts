import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashJson } from '../../core/json.ts';
import { unlimited } from '../../gateway/budget.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { CallsByRollout } from './calls-by-rollout.ts';
import { growthOfBest } from './growth.ts';
import { DEFAULTS } from './options.ts';
import { type OptimizePlan, planOptimization } from './plan.ts';
import { filesOf } from './work-folder.ts';

let project: Awaited<ReturnType<typeof copyGateProject>>;
let plan: OptimizePlan;
beforeAll(async () => {
  // one of the train split and one of the validation split
  project = await copyGateProject(['coder/absolute-value', 'coder/balance']);
});
afterAll(() => project.remove());
beforeEach(async () => {
  await writeFile(path.join(project.root, 'optimizer_budget.yaml'), BUDGET);
  plan = await planOptimization(project.root, 'coder', DEFAULTS);
  await mkdir(plan.folder, { recursive: true });
  await writeFile(
    filesOf(plan.folder).program,
    JSON.stringify({ read: { signature: { instructions: 'better' }, demos: [] }, metadata: {} }),
  );
});

const BUDGET = `prices: { currency: EUR, models: { m: { inputPerMillion: 1, outputPerMillion: 1 } } }
default:
  run: { calls: 9, inputTokens: 900, outputTokens: 900, cost: 9, seconds: 9, metricCalls: 9 }
  pipeline: { latency: { mean: 0.2, p95: 0.2 }, tokens: { mean: 0.2, p95: 0.2 } }
  onViolation: [stop]
  outputTokensWithoutLimit: 9
`;
const BEST = hashJson({ read: ['better', []] });

/** Runs of programs on the bug of the validation split, by their numbers. */
async function ran(...runs: readonly (readonly [number: number, program: string, cpuMs: number])[]) {
  const lines = runs.map(([number, program, cpuMs]) =>
    JSON.stringify({
      name: `12-34-${number}`,
      case: path.resolve(plan.root, plan.validation[0]?.folder ?? ''),
      program,
      stages: [],
      error: null,
      cut: false,
      output: null,
      cpuMs,
      wallMs: cpuMs,
    }),
  );
  await writeFile(filesOf(plan.folder).rollouts, lines.map((line) => `${line}\n`).join(''));
  return growthOfBest({ plan, calls: new CallsByRollout(unlimited), mode: 'live' });
}

test('the best program is held against the one that ran first, whoever ended first', async () => {
  const growth = await ran([2, 'another', 5], [1, 'as it was', 10], [3, BEST, 11]);
  expect(growth?.latency?.mean.growth).toBeCloseTo(0.1);
});

test('a file of runs that has begun anew does not hold the first one: there is nothing to compare with', async () => {
  expect(await ran([7, 'another', 5], [8, 'as it was', 10], [9, BEST, 11])).toBeNull();
});

test('nor is there where nothing better was found', async () => {
  expect(await ran([1, BEST, 10])).toBeNull();
});
