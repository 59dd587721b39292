import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import type { OptimizeOptions } from './options.ts';
import { planOptimization } from './plan.ts';
import { TRAIN, VALIDATION } from './test-support.ts';

let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeAll(async () => {
  project = await copyGateProject([...TRAIN, ...VALIDATION].map((bug) => `coder/${bug}`));
});
afterAll(() => project.remove());
afterEach(() => vi.unstubAllEnvs());
beforeEach(async () => {
  for (const file of [OPTIMIZER_BUDGET_FILE, 'gate.yaml'])
    await copyFile(path.join(packageRoot(), file), path.join(project.root, file));
});

function plan(options: Partial<OptimizeOptions> = {}) {
  const usual = {
    lm: 'live',
    seed: 0,
    threads: 2,
    minibatch: 2,
    optimizer: 'gepa',
    reflector: 'lm',
  } as const;
  return planOptimization(project.root, 'coder', { ...usual, ...options });
}
async function replace(file: string, from: string, to: string): Promise<void> {
  const at = path.join(project.root, file);
  const text = await readFile(at, 'utf8');
  expect(text).toContain(from);
  await writeFile(at, text.replace(from, to));
}

test.each<[string, Partial<OptimizeOptions>, string, string]>([
  [
    'the catalogue for another optimizer',
    { optimizer: 'miprov2', reflector: 'catalogue' },
    'CX-USAGE',
    'Only GEPA',
  ],
  ['a model beside the catalogue', { reflector: 'catalogue', reflectionModel: 'm' }, 'CX-USAGE', 'Leave out'],
  [
    'a model where nothing reflects',
    { optimizer: 'labeled-few-shot', reflectionModel: 'm' },
    'CX-USAGE',
    'Leave out',
  ],
  ['a key without its endpoint', { reflectionKeyVariable: 'KEY' }, 'CX-USAGE', '--reflection-endpoint'],
  [
    'an endpoint without its model',
    { reflectionEndpoint: 'http://127.0.0.1:9/v1' },
    'CX-USAGE',
    '--reflection-model',
  ],
  [
    'a key that is not set',
    { reflectionModel: 'm', reflectionEndpoint: 'http://127.0.0.1:9/v1', reflectionKeyVariable: 'NOT_SET' },
    'CX-CONFIG-REFERENCE',
    'the key of the endpoint',
  ],
  [
    'an endpoint that is none',
    { reflectionModel: 'm', reflectionEndpoint: 'nonsense' },
    'CX-GATEWAY-UPSTREAM',
    'http://127.0.0.1:8080/v1',
  ],
  [
    'to go on where nothing is kept',
    { optimizer: 'miprov2', resume: true },
    'CX-OPTIMIZE-RESUME',
    'begin it anew',
  ],
])('refused is %s', async (_name, options, code, hint) => {
  await expect(plan(options)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
});

test('a model that reflects may be named with its endpoint and key, also for MIPROv2', async () => {
  vi.stubEnv('KEY', 'k');
  const named = {
    reflectionModel: 'm',
    reflectionEndpoint: 'http://127.0.0.1:9/v1',
    reflectionKeyVariable: 'KEY',
  };
  expect((await plan(named)).catalogue).toBeNull();
  expect((await plan({ ...named, optimizer: 'miprov2' })).role).toBe('coder');
  expect((await plan({ reflector: 'catalogue' })).catalogue).not.toBeNull();
});

test('a budget that ends before one program is scored is refused, unless it is only watched', async () => {
  await replace(OPTIMIZER_BUDGET_FILE, 'metricCalls: 600', 'metricCalls: 1');
  await expect(plan()).rejects.toMatchObject({
    code: 'CX-OPTIMIZE-SETUP',
    message:
      'the budget of coder allows 1 scored answers, and the validation split has 2 bugs to score a program on',
    hint: expect.stringContaining('--validation 1'),
  });
  expect((await plan({ validation: 1 })).validation).toHaveLength(1);
  await replace(OPTIMIZER_BUDGET_FILE, '[stop, keep-best, alert]', '[alert]');
  expect((await plan()).validation).toHaveLength(2);
});

test('a pipeline of another role is refused', async () => {
  await replace('gate.yaml', 'candidate: coder-native,', 'candidate: planner-native,');
  await expect(plan()).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    message: 'the pipeline "planner-native" for the role coder is one for the role planner',
    hint: expect.stringContaining('coder-native'),
  });
});
