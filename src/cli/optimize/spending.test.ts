import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadGate } from '../../config/gate.ts';
import { loadOptimizerBudgets } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import { ONE_ANSWER } from '../../core/spending/amounts.ts';
import { ViolationChecker } from './check-violation.ts';
import type { OptimizePlan } from './plan.ts';
import { Spending } from './spending.ts';
import { UNWIND_MS } from './watchdog.ts';
import { filesOf } from './work-folder.ts';

let folder: string;
let notes: string[];
let spending: Spending;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spending-'));
  notes = [];
  const root = packageRoot();
  const budget = (await loadOptimizerBudgets(root, await loadGate(root), 'tiny')).get('coder');
  const plan = { role: 'coder', folder, root, budget } as OptimizePlan;
  const note = (line: string) => notes.push(line);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const signal = new AbortController().signal;
  spending = new Spending({ note, signal }, plan, 'live', new ViolationChecker(plan, note));
});
afterEach(async () => {
  spending.close();
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** From now on the ledger can be read and no longer written, as on a disk that is full (Linux). */
function fillDisk(): void {
  const file = filesOf(folder).ledger;
  const isLedger = (descriptor: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === file;
    } catch {
      return false;
    }
  };
  const descriptor = Number(readdirSync('/proc/self/fd').find(isLedger));
  closeSync(descriptor);
  expect(openSync(file, 'r')).toBe(descriptor);
}

test.runIf(process.platform === 'linux')(
  'a ledger whose disk is full ends nothing but the calls: the time that is over is seen all the same',
  async () => {
    fillDisk();
    await expect(spending.ledger.reserve(ONE_ANSWER, 'r')).rejects.toMatchObject({
      code: 'CX-BUDGET-LEDGER',
    });
    vi.advanceTimersByTime(900_000 + 1_000 + UNWIND_MS);
    expect(spending.watchdog.bit).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect([spending.watchdog.bit, spending.watchdog.signal.aborted]).toEqual([true, true]);
    spending.close();
    expect(notes.at(-1)).toMatch(/^budget of coder: warning: the ledger cannot be kept: EBADF/);
  },
);

test('an optimizer that ends in time is not watched any longer', () => {
  spending.close();
  vi.advanceTimersByTime(7 * 24 * 3_600_000);
  expect(spending.watchdog.bit).toBe(false);
});
