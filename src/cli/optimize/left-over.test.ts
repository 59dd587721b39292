import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AlertReceiver } from './alert-receiver.ts';
import { CoderProject } from './test-support.ts';

const BUGS = ['absolute-value', 'all-positive', 'balance'];
const CAP = 16;
const LIMIT_MS = 240_000;

let project: CoderProject;
let receiver: AlertReceiver;
let mark: string;
let ledger: string;
beforeAll(async () => {
  project = await CoderProject.make(BUGS);
  receiver = await AlertReceiver.listen();
  mark = path.join(project.root, 'well');
  ledger = path.join(project.root, '.constitution', 'optimize', 'coder', 'ledger.jsonl');
  const article = path.join(project.root, 'constitution', '6-budgets.yaml');
  const text = await readFile(article, 'utf8');
  await writeFile(article, text.replace('maxCalls: 6', 'maxCalls: 5'));
  // asks until it is refused, and swallows that: nothing unwinds before the watchdog bites
  const judge = `import os
import time
import dspy
from optimizing.coder import judge as well

def judge(case, inputs, output):
    while not os.path.exists(${JSON.stringify(mark)}):
        try:
            dspy.settings.lm("again")
        except BaseException:
            time.sleep(0.05)
    return well(case, inputs, output)
`;
  await writeFile(path.join(project.root, 'fixtures', 'optimizing', 'stubborn.py'), judge);
});
afterAll(async () => {
  await receiver.close();
  await project.remove();
});
beforeEach(async () => {
  receiver.received = [];
  await rm(mark, { force: true });
  await project.reset();
  await project.budget({ calls: CAP }, { alerts: receiver.settings });
});

const judge = ['--judge', 'optimizing.stubborn:judge'];

/** Kills an optimization as soon as it says that it is stopped. */
async function killedWhenStopped(): Promise<void> {
  const killed = project.process(...judge);
  await new Promise<void>((resolve) => {
    let said = '';
    killed.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('STOPPED')) resolve();
    });
  });
  killed.kill('SIGKILL');
  await killed;
  await writeFile(mark, '');
}

test(
  'a violation whose process is killed is checked and told of when the optimization goes on, and never again',
  async () => {
    await killedWhenStopped();
    expect(receiver.received).toEqual([]);
    expect(await readFile(ledger, 'utf8')).not.toContain('"k":"check"');

    const second = await project.optimize('--resume', ...judge);
    expect(second.stderr).toContain('a process that was killed had reached a cap: 16 of 16 LM calls');
    expect(second.stderr).toContain('made 6 LM calls, allowed are 5');
    expect(second.result?.status).toBe('stopped-by-budget');
    const [violation, ...others] = second.result?.violations ?? [];
    expect(others).toEqual([]);
    // it is the same optimization
    expect(violation).not.toHaveProperty('leftOver');
    expect(violation).toMatchObject({ cap: 'calls', spent: CAP, stoppedAfterMs: null });
    expect(violation?.check).toMatchObject({ articles: ['II', 'III', 'V', 'VI'], error: null });
    expect(violation?.check.findings).toContainEqual(
      expect.objectContaining({ article: 'VI', code: 'CX-BUDGET-CALLS' }),
    );
    expect(violation?.alerts.map(({ delivered }) => delivered)).toEqual([true, true]);
    expect(receiver.paths()).toEqual(['/hook', '/v1/logs']);
    expect(receiver.told()).toMatchObject([{ cap: 'calls', spent: CAP, stopped: true, at: violation?.at }]);

    const third = await project.optimize('--resume', ...judge);
    expect([third.result?.violations, third.stderr.includes('was killed')]).toEqual([[], false]);
    expect(receiver.received).toHaveLength(2);
  },
  LIMIT_MS,
);

test(
  'or when the role is optimized anew, which forgets the rest; a check that was begun itself is not made twice',
  async () => {
    await killedWhenStopped();
    await project.budget({ calls: 1, inputTokens: 900_000 }, { alerts: receiver.settings });
    const anew = await project.optimize(...judge);
    expect(anew.stderr).toContain('made 6 LM calls, allowed are 5');
    // the new one has a violation of its own
    expect(anew.result?.violations, anew.stderr).toMatchObject([
      { limit: CAP, leftOver: 'gepa', check: { error: null }, stoppedAfterMs: null },
      { limit: 1 },
    ]);
    expect(anew.result?.violations[1]).not.toHaveProperty('leftOver');
    expect(receiver.told()).toMatchObject([{ limit: CAP }, { limit: 1 }]);

    // as if this process had been killed between the two lines
    const lines = (await readFile(ledger, 'utf8')).trim().split('\n');
    const own = { pid: process.pid, startedAt: expect.anything() };
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ k: 'check', v: 0, by: own });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ k: 'told', v: 0 });
    await writeFile(ledger, `${lines.slice(0, -2).join('\n')}\n`);
    const by = { pid: process.pid, startedAt: 'another' };
    await appendFile(ledger, `${JSON.stringify({ k: 'check', s: 'x', ms: 0, v: 0, by })}\n`);
    const last = await project.optimize('--resume', ...judge);
    expect(last.result?.violations).toMatchObject([
      { check: { error: { code: 'CX-BUDGET-CHECK' } }, alerts: [] },
    ]);
    expect(last.stderr).toContain('its process was killed during the check');
    expect(receiver.told()).toHaveLength(2);
  },
  LIMIT_MS,
);
