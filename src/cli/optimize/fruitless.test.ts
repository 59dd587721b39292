import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoderProject, isReflection } from './test-support.ts';

// Real optimizers: a busy machine is no failure.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Two of the train split and one of the validation split. */
const BUGS = ['absolute-value', 'all-positive', 'balance'];
/** Calls of one run of the pipeline that repairs nothing. */
const RUN = 6;

let project: CoderProject;
beforeAll(async () => {
  project = await CoderProject.make(BUGS);
});
afterAll(() => project.remove());
beforeEach(() => project.reset());

describe('a model that reflects and never answers', () => {
  beforeEach(() => {
    project.lm.answer = (prompt, request) => (isReflection(prompt) ? 401 : project.answer(prompt, request));
  });
  const reflections = () => project.lm.requests.filter(isReflection).length;

  test('is told at the end, with the best there is', async () => {
    const { exitCode, result } = await project.optimize();
    expect([exitCode, result?.status, result?.result?.best]).toEqual([3, 'failed', 0]);
    expect(result?.error).toMatchObject({
      code: 'CX-OPTIMIZE-STALLED',
      message: 'not one request for a better instruction was answered: the last status was 401',
    });
    expect(reflections()).toBeGreaterThan(0);
    expect(JSON.parse(await project.written('program.json'))).toHaveProperty(['best.module.whole']);
  });

  test('ends GEPA before the budget is spent on answers that nothing is learnt from', async () => {
    await project.budget({ metricCalls: 200 });
    const { result } = await project.optimize();
    expect(result).toMatchObject({ status: 'failed', error: { code: 'CX-OPTIMIZE-STALLED' } });
    expect(result?.error?.message).toContain('the model that reflects has failed 10 times in a row: ');
    expect(reflections()).toBe(10);
  });
});

describe('a judge that cannot judge', () => {
  test.each([
    ['gepa', 'raise KeyError("nothing")', /KeyError: 'nothing'\n.*broken\.py:2/],
    ['bootstrap-few-shot', 'raise KeyError("nothing")', /the judge raised KeyError: 'nothing'/],
    ['gepa', 'return 2, "well"', /the judge raised ValueError: the score 2 is none in 0\.\.1/],
  ])('ends %s with the first answer: %s', async (optimizer, does, message) => {
    const folder = path.join(project.root, 'fixtures', 'optimizing');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'broken.py'), `def judge(case, inputs, output):\n    ${does}\n`);
    const { exitCode, stderr } = await project.optimize(
      ...['--judge', 'optimizing.broken:judge', '--optimizer', optimizer],
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('CX-OPTIMIZE-JUDGE');
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`: ${RUN} calls · `);
    expect(stderr).toContain('tokens are spent, and no program was scored to the end');
    expect(project.lm.requests).toHaveLength(RUN);
  });
});

test('a pipeline that never comes to an answer ends GEPA, and says what it raised', async () => {
  project.lm.answer = () => 500;
  const { result } = await project.optimize();
  expect(result?.error).toMatchObject({ code: 'CX-OPTIMIZE-STALLED' });
  expect(result?.error?.message).toMatch(
    /evaluated nothing; the last run of the pipeline that raised: \w+Error: /,
  );
});
