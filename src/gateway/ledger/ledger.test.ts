import { appendFileSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RUN_CAPS, type RunCaps } from '../../core/optimizer-budget.ts';
import { type Amounts, NOTHING } from '../../core/spending/amounts.ts';
import type { BudgetEvent, LedgerEntry } from '../../core/spending/ledger-entry.ts';
import { Journal } from './journal.ts';
import { Ledger, type LedgerOptions } from './ledger.ts';
import { isAlive, ownSpender } from './spender.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const runs = (program: string) =>
  `import('vite').then((vite) => vite.runnerImport(${JSON.stringify(path.join(here, 'testdata', program))}))`;
const NO_CAPS = Object.fromEntries(RUN_CAPS.map((cap) => [cap, null])) as RunCaps;
const cap = (hard: number) => ({ hard, warn: hard * 0.8 });
const call = (outputTokens = 1): Amounts => ({ ...NOTHING, calls: 1, outputTokens });

let folder: string;
let file: string;
const opened: Ledger[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'ledger-'));
  file = path.join(folder, 'coder', 'ledger.jsonl');
});
afterEach(async () => {
  for (const ledger of opened.splice(0)) ledger.close();
  await rm(folder, { recursive: true, force: true });
});

function open(caps: Partial<RunCaps>, more: Partial<LedgerOptions> = {}): Ledger {
  const ledger = new Ledger({ file, caps: { ...NO_CAPS, ...caps }, enforced: true, ...more });
  opened.push(ledger);
  return ledger;
}
const lines = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEntry);

describe('a ledger', () => {
  test('refuses beyond its cap, saying what is spent, estimated and asked', async () => {
    const ledger = open({ outputTokens: cap(100) });
    (await ledger.reserve(call(80), 'r')).settle(call(70), true);
    await expect(ledger.reserve(call(40), 'r')).rejects.toMatchObject({
      code: 'CX-BUDGET-SPENT',
      message:
        "the optimizer's budget is spent: 70 of 100 tokens generated (70 of them estimated), and this call may come to 40",
      hint: 'Raise the cap on outputTokens in optimizer_budget.yaml and go on with --resume.',
      details: { cap: 'outputTokens', spent: 70, limit: 100, estimated: 70, asked: 40 },
    });
  });

  test('lets a call wait for those under way, and goes on when one has ended', async () => {
    const ledger = open({ outputTokens: cap(100) });
    const first = await ledger.reserve(call(90), 'r');
    let second = false;
    const waiting = ledger.reserve(call(90), 'r').then(() => {
      second = true;
    });
    await delay(20);
    expect(second).toBe(false);
    first.settle(call(3), false);
    await waiting;
    expect(ledger.state.reserved.outputTokens).toBe(90);
    // who waits leaves no trace
    expect(lines().filter(({ k }) => k === 'ask')).toHaveLength(2);
  });

  test('lets nobody wait whose run has ended', async () => {
    const ledger = open({ outputTokens: cap(100) });
    await ledger.reserve(call(90), 'r');
    const end = new AbortController();
    const waiting = ledger.reserve(call(90), 'r', end.signal);
    end.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CX-RUN-CANCELLED' });
  });

  test('refuses once its time is over, and tells it without being asked', async () => {
    const events: BudgetEvent[] = [];
    let ms = 0;
    const ledger = open({ seconds: cap(10) }, { now: () => ms, onEvent: (event) => events.push(event) });
    (await ledger.reserve(call(), 'r')).settle(call(), false);
    ms = 10_000;
    await expect.poll(() => events.map(({ kind }) => kind), { timeout: 10_000 }).toEqual(['violation']);
    await expect(ledger.reserve(call(), 'r')).rejects.toMatchObject({
      details: { cap: 'seconds', spent: 10 },
    });
  });

  test('goes on after its end with what was spent, and with a raised cap', async () => {
    const first = open({ calls: cap(1) });
    (await first.reserve(call(), 'r')).settle(call(), false);
    await expect(first.reserve(call(), 'r')).rejects.toMatchObject({ code: 'CX-BUDGET-SPENT' });
    first.close();
    const second = open({ calls: cap(2) });
    expect(second.state.used.calls).toBe(1);
    expect(second.state.stoppedBy).toBeNull();
    (await second.reserve(call(), 'r')).settle(call(), false);
    await expect(second.reserve(call(), 'r')).rejects.toMatchObject({ details: { spent: 2, limit: 2 } });
  });

  test('counts scored answers', async () => {
    const ledger = open({ metricCalls: cap(2) });
    await ledger.metricCall('r');
    await ledger.metricCall('r');
    await expect(ledger.metricCall('r')).rejects.toMatchObject({ details: { cap: 'metricCalls' } });
    expect(ledger.state.used).toEqual({ ...NOTHING, metricCalls: 2 });
  });

  test('200 runs at once never pass a cap, nor stop before it', async () => {
    const ledger = open({ outputTokens: cap(1_000) });
    let most = 0;
    const run = async (name: string) => {
      for (;;) {
        const reservation = await ledger.reserve(call(20), name).catch(() => null);
        if (reservation === null) return;
        most = Math.max(most, ledger.state.used.outputTokens + ledger.state.reserved.outputTokens);
        await delay(Math.random() * 3);
        reservation.settle(call(4), false);
      }
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => run(`r${index}`)));
    expect(most).toBeLessThanOrEqual(1_000);
    // the last call is refused when less than what it might use is left
    expect(ledger.state.used.outputTokens).toBeGreaterThan(1_000 - 20);
    expect(ledger.state.reserved).toEqual(NOTHING);
  });
});

describe('several processes', () => {
  const spend = (caps: Partial<RunCaps>) =>
    execa(process.execPath, ['-e', runs('spend.ts')], {
      reject: false,
      env: { SPEND: JSON.stringify({ file, caps: { ...NO_CAPS, ...caps } }) },
    });
  const granted = (stdout: string | undefined) =>
    (stdout ?? '').split('\n').filter((line) => line === 'granted');

  test('share a ledger without a lock: together they spend the cap, and no more', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => spend({ calls: cap(150) })));
    expect(answers.map(({ stderr }) => stderr)).toEqual(['', '', '']);
    const told = answers.flatMap(({ stdout }) => granted(stdout));
    const ledger = open({ calls: cap(150) });
    expect(told).toHaveLength(150);
    expect(ledger.state.used).toEqual({ ...NOTHING, calls: 150, outputTokens: 1_050 });
    expect(ledger.damaged).toBe(0);
  });

  test('one that is killed with calls under way has paid for them; the others go on', async () => {
    const killed = spend({ calls: cap(400) });
    await new Promise((resolve) => killed.stdout.once('data', resolve));
    killed.kill('SIGKILL');
    const other = await spend({ calls: cap(400) });
    const [first, second] = [granted((await killed).stdout), granted(other.stdout)];
    const ledger = open({ calls: cap(400) });
    expect(ledger.state.used.calls).toBe(400);
    expect(ledger.state.reserved).toEqual(NOTHING);
    expect(first.length).toBeGreaterThan(0);
    // At most the three calls that were under way were granted without our hearing of it.
    expect(first.length + second.length).toBeGreaterThanOrEqual(397);
    expect(first.length + second.length).toBeLessThanOrEqual(400);
    expect(ledger.state.estimated.calls).toBeLessThanOrEqual(3);
  });

  test('a process that has ended is not alive, nor is another one of its number', async () => {
    const own = ownSpender();
    const ended = execa(process.execPath, ['-e', '']);
    await ended;
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startedAt: '1' })).toBe(own.startedAt === null);
    expect(isAlive({ pid: ended.pid as number, startedAt: null })).toBe(false);
  });
});

describe('a journal that suffered', () => {
  test('a line that was cut off counts for nothing, and spoils no other', async () => {
    const first = open({ calls: cap(9) });
    (await first.reserve(call(), 'r')).settle(call(), false);
    appendFileSync(file, '{"k":"ask","s":"x","n":');
    const second = open({ calls: cap(9) });
    (await second.reserve(call(), 'r')).settle(call(), false);
    expect(second.state.used.calls).toBe(2);
    expect(second.damaged).toBe(1);
  });

  test('lines that are appended one by one are read one by one', () => {
    const journal = new Journal(file);
    const other = new Journal(file);
    journal.append({ text: 'ä'.repeat(100_000) });
    other.append({ text: 'b' });
    expect(journal.read()).toEqual([{ text: 'ä'.repeat(100_000) }, { text: 'b' }]);
    expect(journal.read()).toEqual([]);
    other.append({ text: 'c' });
    expect(journal.read()).toEqual([{ text: 'c' }]);
    journal.close();
    other.close();
  });

  test.skipIf(process.platform === 'win32')(
    'a line that a full disk takes a part of is an error with a code, and counts for nothing',
    async () => {
      const { stdout, stderr } = await execa(
        'bash',
        ['-c', 'ulimit -f 2; exec "$@"', '-', process.execPath, '-e', runs('fill.ts')],
        { reject: false, env: { FILE: file } },
      );
      const { errors, appended } = JSON.parse(stdout) as { errors: string[]; appended: number };
      expect(stderr).toBe('');
      expect(errors[0]).toMatch(
        /^CX-BUDGET-LEDGER the ledger cannot be kept: the disk took \d+ of the \d+ bytes/,
      );
      const journal = new Journal(file);
      expect(journal.read()).toHaveLength(appended);
      journal.append({ after: true });
      expect(journal.read()).toEqual([{ after: true }]);
      expect(journal.damaged).toBe(1);
      journal.close();
    },
    120_000,
  );

  test('where nothing can be written, nothing is granted', async () => {
    await mkdir(file, { recursive: true });
    expect(() => open({ calls: cap(9) })).toThrowError(
      expect.objectContaining({ code: 'CX-BUDGET-LEDGER', place: { file } }),
    );
  });
});
