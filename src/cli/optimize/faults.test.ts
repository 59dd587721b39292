import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { completion } from '../../gateway/scripted-lm.ts';
import { environmentOfThisRun } from '../../vitest/python-of-this-run.ts';
import { BETTER, CoderProject, isReflection } from './test-support.ts';

/** Two of the train split and one of the validation split. */
const BUGS = ['absolute-value', 'all-positive', 'balance'];
/** Calls that score the pipeline as it was on the validation split. */
const FIRST = 6;
const LIMIT_MS = 240_000;

let project: CoderProject;
beforeAll(async () => {
  project = await CoderProject.make(BUGS);
});
afterAll(() => project.remove());
beforeEach(() => project.reset());

/** Answers well until the pipeline as it was is scored, and then as told; reflection stays well. */
function failing(
  answer: (request: JsonObject) => Promise<string | number | JsonObject | null> | number | null,
) {
  const { lm } = project;
  lm.answer = (prompt, request) =>
    lm.requests.length <= FIRST || isReflection(prompt) ? project.answer(prompt, request) : answer(request);
}

/** What every end has to leave: the best program, and the money as the endpoint saw it. */
async function expectKept(calls: number): Promise<void> {
  expect(JSON.parse(await project.written('program.json'))).toHaveProperty(['best.module.whole']);
  expect(JSON.parse(await project.written('optimization.json'))).toMatchObject({
    spent: { calls },
    result: { candidates: [{ scores: [0] }] },
  });
}

describe('an endpoint that goes bad under way, with the real GEPA', () => {
  test.each([
    ['is away', () => null],
    ['limits the rate', () => 429],
    ['refuses what it is asked', () => 400],
  ])(
    'and %s: the optimizer ends with what it has, and has paid for what was asked',
    async (_name, answer) => {
      failing(answer);
      await project.budget({ calls: 40 });
      const { exitCode, result } = await project.optimize();
      // by the cap or as stalled, whichever comes first: but it ends
      expect([exitCode, result?.status]).toEqual(
        result?.stoppedBy === 'calls' ? [1, 'stopped-by-budget'] : [3, 'failed'],
      );
      expect(result?.error?.code).toMatch(/^CX-(BUDGET-SPENT|OPTIMIZE-STALLED)$/);
      await expectKept(project.lm.requests.length);
    },
    LIMIT_MS,
  );

  test(
    'and is slow: the cap on time ends the optimizer, and the call under way is counted as what it may have cost',
    async () => {
      failing(() => delay(60_000).then(() => 'late'));
      // Python is up: on a busy machine its start alone could take that long
      await environmentOfThisRun('dspy-3.0.1');
      await project.budget({ seconds: 30 });
      const { exitCode, result } = await project.optimize();
      expect(exitCode).toBe(1);
      expect(result).toMatchObject({
        status: 'stopped-by-budget',
        stoppedBy: 'seconds',
        endedBy: 'watchdog',
      });
      expect(result?.spent.estimated.calls).toBe(project.lm.requests.length - FIRST);
      await expectKept(project.lm.requests.length);
    },
    LIMIT_MS,
  );

  test(
    'and says that nothing was used: it is estimated, and what stops the optimizer says so',
    async () => {
      const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
      project.lm.answer = (prompt, request) => ({
        ...completion(request, isReflection(prompt) ? '```\nTry.\n```' : 'def nothing():\n    return None'),
        usage: nothing,
      });
      await project.budget({ outputTokens: 1000, calls: 300, metricCalls: 100 });
      const { result, stderr } = await project.optimize();
      expect(result).toMatchObject({ status: 'stopped-by-budget', stoppedBy: 'outputTokens' });
      const { calls, outputTokens, estimated } = result?.spent ?? {};
      expect(outputTokens).toBeGreaterThan(0);
      expect(estimated).toMatchObject({ calls, outputTokens });
      expect(stderr).toMatch(/STOPPED: \d+ of 1000 tokens out, \d+ of them estimated/);
      expect(result?.violations[0]?.estimated).toBe(result?.violations[0]?.spent);
    },
    LIMIT_MS,
  );

  test(
    'and says that a call used more than there is: that call is the last one',
    async () => {
      failing(async (request) => ({
        ...completion(request, 'def nothing():\n    return None'),
        usage: { prompt_tokens: 10, completion_tokens: 1_000_000, total_tokens: 1_000_010 },
      }));
      const { result } = await project.optimize('--threads', '1');
      expect(result).toMatchObject({ status: 'stopped-by-budget', stoppedBy: 'outputTokens' });
      expect(project.lm.requests).toHaveLength(FIRST + 1);
      expect(result?.spent.outputTokens).toBe(1_000_000 + 2 * FIRST);
      await expectKept(FIRST + 1);
    },
    LIMIT_MS,
  );
});

test(
  'an optimizer that tries so many programs and no more has found nothing out where no call was answered',
  async () => {
    project.lm.answer = () => 500;
    const { exitCode, result } = await project.optimize('--optimizer', 'labeled-few-shot');
    expect([exitCode, result?.status]).toEqual([3, 'failed']);
    expect(result?.error).toMatchObject({
      code: 'CX-OPTIMIZE-STALLED',
      message: 'not one LM call was answered: the last status was 500',
    });
    expect(result?.spent.calls).toBe(project.lm.requests.length);
  },
  LIMIT_MS,
);

/** A judge that does something the n-th time that a file is written through to the disk, once for good. */
async function atWrite(n: number, what: string): Promise<string[]> {
  const mark = path.join(project.root, 'done');
  await rm(mark, { force: true });
  const judge = `import os
import resource
import signal

from optimizing.coder import judge

WRITE_THROUGH = os.fsync
written = 0


def fsync(descriptor):
    global written
    written += 1
    if written == ${n} and not os.path.exists(${JSON.stringify(mark)}):
        open(${JSON.stringify(mark)}, "w").close()
        ${what}
    WRITE_THROUGH(descriptor)


os.fsync = fsync
`;
  const folder = path.join(project.root, 'fixtures', 'optimizing');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'faulty.py'), judge);
  return ['--judge', 'optimizing.faulty:judge'];
}

describe('what is killed or cannot be written', () => {
  test.each([
    ['evaluates', (request: JsonObject) => project.lm.requests.length > FIRST + 2 && !isReflection(request)],
    ['reflects', (request: JsonObject) => isReflection(request)],
  ])(
    'kill -9 while it %s: nothing that was scored is paid for again',
    async (_name, at) => {
      const { lm } = project;
      let killed: ReturnType<CoderProject['process']> | undefined;
      lm.answer = (prompt, request) => {
        if (!at(request)) return project.answer(prompt, request);
        killed?.kill('SIGKILL');
        return delay(1_000).then(() => 'too late');
      };
      killed = project.process();
      await killed;
      const paid = lm.requests.length;
      lm.answer = project.answer;
      const { exitCode, result } = await project.optimize('--resume');
      expect(exitCode).toBe(0);
      expect(lm.requests.length).toBeGreaterThan(paid);
      // the calls under way may have been paid for: they count, as estimates, and one that had not left yet does as well
      const { calls = 0, estimated = { calls: 0 } } = result?.spent ?? {};
      expect(estimated.calls).toBeGreaterThan(0);
      expect(calls).toBeGreaterThanOrEqual(lm.requests.length);
      expect(calls - estimated.calls).toBeLessThan(lm.requests.length);
      expect(result?.result?.candidates.map(({ scores }) => scores)).toEqual([[0], [1]]);
      const scoresFirst = (request: JsonObject) =>
        JSON.stringify(request).includes('balance') && !JSON.stringify(request).includes('greatest care');
      expect(lm.requests.slice(0, FIRST).filter(scoresFirst)).toHaveLength(FIRST);
      expect(lm.requests.slice(paid).filter(scoresFirst)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'kill -9 of the optimizer while it saves: the state before is whole, and it goes on from there',
    async () => {
      // twice a saving: it dies in the second one
      const judge = await atWrite(3, 'os.kill(os.getpid(), signal.SIGKILL)');
      const first = await project.optimize(...judge);
      expect(first.exitCode).toBe(3);
      expect(first.result).toMatchObject({
        status: 'failed',
        error: { code: expect.stringMatching(/^CX-WORKER-/) },
      });
      await expectKept(project.lm.requests.length);
      const second = await project.optimize('--resume', ...judge);
      expect(second.exitCode).toBe(0);
      expect(second.result?.result?.candidates[0]?.scores).toEqual([0]);
      expect(second.result?.spent.calls).toBe(project.lm.requests.length);
    },
    LIMIT_MS,
  );

  test.each([
    ['begin the same iteration for ever', '```\nTry.\n```'],
    ['go on with a state of two minds', `\`\`\`\n${BETTER}\n\`\`\``],
  ])(
    'a disk that is full while it saves: GEPA, which would %s, is ended with what there is',
    async (_name, proposal) => {
      project.lm.answer = (prompt, request) =>
        isReflection(prompt) ? proposal : project.answer(prompt, request);
      const judge = await atWrite(
        2,
        'resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))',
      );
      const first = await project.optimize(...judge);
      expect(first.exitCode).toBe(3);
      expect(first.result).toMatchObject({
        status: 'failed',
        error: { code: 'CX-OPTIMIZE-SAVE', message: expect.stringContaining('File too large') },
      });
      await expectKept(project.lm.requests.length);
      const second = await project.optimize('--resume', ...judge);
      expect(second.result).toMatchObject({
        status: 'completed',
        spent: { calls: project.lm.requests.length },
      });
    },
    LIMIT_MS,
  );
});
