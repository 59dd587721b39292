import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { optimizationSchema } from '../../config/optimization.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand } from '../test-support.ts';
import { BETTER, CoderProject, isReflection, TRAIN, VALIDATION } from './test-support.ts';

let project: CoderProject;
beforeAll(async () => {
  project = await CoderProject.make([...TRAIN, ...VALIDATION]);
});
afterAll(() => project.remove());
beforeEach(() => project.reset());

describe('optimize, with the real GEPA', () => {
  test('finds what is better, and leaves program, candidates, seeds, versions and costs', async () => {
    const { lm } = project;
    const { exitCode, result, stderr } = await project.optimize('--seed', '3');
    expect([exitCode, stderr.includes('error')]).toEqual([0, false]);
    expect(optimizationSchema.parse(JSON.parse(await project.written('optimization.json')))).toEqual(result);
    expect(result).toMatchObject({
      status: 'completed',
      stoppedBy: null,
      pipeline: 'coder-native',
      seed: 3,
      train: TRAIN,
      validation: VALIDATION,
      result: { versions: { dspy: '3.0.1', gepa: '0.0.4' } },
    });
    const found = result?.result;
    expect(found?.candidates[0]?.score).toBe(0);
    expect(found?.candidates[found.best]?.score).toBeGreaterThan(0);
    // DSPy's own form, by the paths of the pipeline's predictors
    const program = JSON.parse(await project.written('program.json')) as Record<
      string,
      { signature: { instructions: string } }
    >;
    expect(Object.keys(program)).toContain('best.module.whole');
    const instructions = Object.values(program).flatMap(({ signature }) => signature?.instructions ?? []);
    expect(instructions).toContain(BETTER);
    // what the ledger says is what the endpoint saw
    expect(result?.spent).toMatchObject({
      calls: lm.requests.length,
      inputTokens: 10 * lm.requests.length,
      cost: null,
    });
    expect(lm.requests.filter(isReflection).length).toBeGreaterThan(0);
  });

  test('an endpoint that always fails is no optimizer at work: it is ended, and its calls are counted', async () => {
    project.lm.answer = () => 500;
    const { exitCode, result } = await project.optimize();
    expect(exitCode).toBe(3);
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'CX-OPTIMIZE-STALLED' },
      spent: { calls: project.lm.requests.length, outputTokens: 0, metricCalls: 0 },
    });
  });

  test('the Planner is optimized as well, and reflection is told what is wrong in words, of no hidden test', async () => {
    const { lm } = project;
    const planner = await copyGateProject(['planner/airport-gate', 'planner/combine-harvester']);
    try {
      for (const file of ['gate.yaml', 'optimizer_budget.yaml'])
        await copyFile(path.join(project.root, file), path.join(planner.root, file));
      lm.answer = (prompt) => (isReflection(prompt) ? '```\nRead slowly.\n```' : 'hm');
      const { exitCode } = await runCommand(planner.root, ['optimize', 'planner', '--minibatch', '1']);
      expect(exitCode).toBeLessThan(2);
      const told = lm.requests.filter(isReflection).map((request) => JSON.stringify(request));
      expect(told.join('\n')).toMatch(/The plan is wrong: |There is no plan: /);
      const saved = path.join(planner.root, 'eval', 'optimized', 'planner', 'program.json');
      expect(JSON.parse(await readFile(saved, 'utf8'))).toHaveProperty(['read.order']);
    } finally {
      await planner.remove();
    }
  });
});

describe('refused, before anything is spent', () => {
  test.each([
    ['an unknown role', ['optimize', 'codr'], 'CX-CONFIG-REFERENCE', 'Did you mean "coder"?'],
    ['a role without bugs to learn from', ['optimize', 'planner'], 'CX-OPTIMIZE-SETUP', 'bugs list'],
    ['nothing to go on with', ['optimize', 'coder', '--resume'], 'CX-OPTIMIZE-RESUME', 'Begin one with'],
    ['a seed that is none', ['optimize', 'coder', '--seed', '-1'], 'whole number from 0', ''],
    [
      'reflection without a model',
      ['optimize', 'coder', '--reflection-endpoint', 'http://127.0.0.1:9/v1'],
      'CX-USAGE',
      '--reflection-model',
    ],
  ])('%s', async (_name, argv, code, hint) => {
    const { exitCode, stderr } = await runCommand(project.root, argv);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(code);
    expect(stderr).toContain(hint);
    expect(project.lm.requests).toEqual([]);
  });
});
