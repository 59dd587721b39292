import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Spender } from '../../core/spending/ledger-entry.ts';
import { ownSpender } from '../../gateway/ledger/spender.ts';
import { BETTER, CoderProject, STUBBORN_JUDGE, TRAIN, VALIDATION } from './test-support.ts';

/** Twelve calls score the pipeline on the validation split, twelve on a minibatch, and one reflects. */
const CAP = 26;
/** Answers made at once, where nothing is said. */
const THREADS = 2;

let project: CoderProject;
beforeAll(async () => {
  project = await CoderProject.make([...TRAIN, ...VALIDATION]);
});
afterAll(() => project.remove());
beforeEach(() => project.reset());

/** Whether a request is one of those that score the pipeline, as it was, on the validation split. */
function scoresFirst({ messages }: JsonObject): boolean {
  const asked = JSON.stringify((messages as Json[]).at(-1));
  return /def (balance|clock)\(/.test(asked) && !JSON.stringify(messages).includes(BETTER);
}

describe('a budget', () => {
  test('ends an optimizer whose endpoint always fails', async () => {
    project.lm.answer = () => 500;
    await project.budget({ calls: 15 });
    const { exitCode, result } = await project.optimize();
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ status: 'stopped-by-budget', stoppedBy: 'calls', endedBy: 'itself' });
    expect(project.lm.requests).toHaveLength(15);
  });

  test('with `alert` alone is told and not enforced; without `keep-best`, no program is left', async () => {
    await project.budget({ calls: 13 }, { onViolation: '[alert]' });
    const watched = await project.optimize();
    // Another thread's call can be granted before the alert is told.
    const told = /budget of coder: ALERT: (\d+) of 13 LM calls/.exec(watched.stderr)?.[1];
    expect(Number(told)).toBeGreaterThanOrEqual(13);
    expect(Number(told)).toBeLessThan(13 + THREADS);
    expect(watched.result).toMatchObject({ status: 'completed', stoppedBy: null });
    expect(watched.result?.spent.calls).toBeGreaterThan(13);
    await rm(path.join(project.root, 'eval', 'optimized'), { recursive: true });
    await project.budget({ calls: CAP }, { onViolation: '[stop]' });
    const stopped = await project.optimize();
    expect(stopped.result?.status).toBe('stopped-by-budget');
    expect(stopped.stderr).not.toContain('STOPPED');
    await expect(project.written('program.json')).rejects.toThrow('ENOENT');
  });

  test('has the watchdog end an optimizer that does not unwind', async () => {
    await writeFile(path.join(project.root, 'fixtures', 'optimizing', 'stubborn.py'), STUBBORN_JUDGE);
    await project.budget({ calls: 40 });
    const { exitCode, result } = await project.optimize('--judge', 'optimizing.stubborn:judge');
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      status: 'stopped-by-budget',
      stoppedBy: 'calls',
      endedBy: 'watchdog',
      spent: { calls: 40 },
      result: null,
    });
  });
});

describe('what was stopped', () => {
  test('has the best so far, and goes on with a raised cap without paying twice', async () => {
    const { lm } = project;
    await project.budget({ calls: CAP });
    const first = await project.optimize();
    expect(first.exitCode).toBe(1);
    expect(first.result).toMatchObject({
      status: 'stopped-by-budget',
      stoppedBy: 'calls',
      endedBy: 'itself',
      spent: { calls: CAP },
      result: { candidates: [{ score: 0, scores: [0, 0] }] },
    });
    expect(first.result?.events.map(({ kind, cap }) => `${kind} ${cap}`)).toEqual([
      'warning calls',
      'violation calls',
    ]);
    expect(first.stderr).toContain('budget of coder: STOPPED: 26 of 26 LM calls');
    expect(JSON.parse(await project.written('program.json'))).toHaveProperty(['best.module.whole']);
    expect(lm.requests).toHaveLength(CAP);

    await project.budget({ calls: 300, metricCalls: 24 });
    const second = await project.optimize('--resume');
    expect(second.exitCode).toBe(0);
    expect(second.result?.spent.calls).toBe(lm.requests.length);
    expect(second.result?.result?.candidates.at(-1)?.score).toBeGreaterThan(0);
    expect(second.result?.result?.candidates[0]?.scores).toEqual([0, 0]);
    expect(second.result?.result?.evaluations).toBeGreaterThan(first.result?.result?.evaluations ?? 0);
    // what the pipeline as it was scored on the validation split is known: six calls for each bug
    expect(lm.requests.slice(0, CAP).filter(scoresFirst)).toHaveLength(12);
    expect(lm.requests.slice(CAP).filter(scoresFirst)).toEqual([]);
  });

  test('kill -9 loses neither the money that was spent nor what was found', async () => {
    const { lm } = project;
    const killed = project.process();
    await expect.poll(() => lm.requests.length, { timeout: 180_000, interval: 5 }).toBeGreaterThan(14);
    killed.kill('SIGKILL');
    await killed;
    const paid = lm.requests.length;
    const { exitCode, result } = await project.optimize('--resume');
    expect(exitCode).toBe(0);
    // A call that was granted and had not left when the process was killed is paid for: at most one a thread.
    const unseen = (result?.spent.calls ?? 0) - lm.requests.length;
    expect(unseen).toBeGreaterThanOrEqual(0);
    expect(unseen).toBeLessThanOrEqual(THREADS);
    expect(lm.requests.length).toBeGreaterThan(paid);
    expect(result?.result?.candidates.at(-1)?.score).toBeGreaterThan(0);
  });

  test('does not go on with other sources, nor beside another process', async () => {
    await project.budget({ calls: 13 });
    expect((await project.optimize()).exitCode).toBe(1);
    expect((await project.optimize('--resume', '--seed', '9')).stderr).toContain('CX-OPTIMIZE-RESUME');
    const claims = path.join(project.root, '.constitution', 'optimize', 'coder', 'claims.jsonl');
    const claimed = (by: Spender) => writeFile(claims, `${JSON.stringify({ k: 'claim', s: 'x', by })}\n`);
    await claimed(ownSpender());
    expect((await project.optimize('--resume')).stderr).toContain('CX-OPTIMIZE-BUSY');
    await claimed({ pid: process.pid, startedAt: 'another' });
    expect((await project.optimize('--resume')).result?.status).toBe('stopped-by-budget');
  });
});
