import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RUN_CAPS, type RunCaps } from '../../core/optimizer-budget.ts';
import { NOTHING } from '../../core/spending/amounts.ts';
import type { LedgerEntry, Spender } from '../../core/spending/ledger-entry.ts';
import { ownSpender } from './spender.ts';
import { ViolationChecks } from './violation-checks.ts';

const caps: RunCaps = {
  ...(Object.fromEntries(RUN_CAPS.map((cap) => [cap, null])) as RunCaps),
  calls: { hard: 1, warn: 0.8 },
};
const of = { ...NOTHING, calls: 1 };
const at = '2026-11-27T02:00:00.000Z';

let dead: Spender;
beforeAll(async () => {
  const ended = execa(process.execPath, ['-e', '']);
  await ended;
  dead = { pid: ended.pid as number, startedAt: null };
});

let folder: string;
let file: string;
const opened: ViolationChecks[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'checks-'));
  file = path.join(folder, 'ledger.jsonl');
});
afterEach(() => {
  for (const checks of opened.splice(0)) checks.close();
  rmSync(folder, { recursive: true });
});

/** What a process writes that goes over its cap of one call. */
function violated(by: Spender, enforced = true): void {
  append(
    { k: 'open', s: 'a', ms: 0, at, by, caps, enforced },
    { k: 'ask', s: 'a', ms: 1, n: 0, of, run: 'r' },
    { k: 'used', s: 'a', ms: 2, n: 0, of },
    { k: 'ask', s: 'a', ms: 1_500, n: 1, of, run: 'r' },
  );
}
function append(...entries: LedgerEntry[]): void {
  for (const entry of entries) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}
function open(): ViolationChecks {
  const checks = new ViolationChecks(file);
  opened.push(checks);
  return checks;
}

test('of a process that was killed, a violation is left with when and how it came about', () => {
  violated(dead, false);
  expect(open().left()).toEqual([
    {
      number: 0,
      event: { kind: 'violation', cap: 'calls', spent: 1, asked: 1, limit: 1, estimated: 0 },
      atMs: Date.parse(at) + 1_500,
      enforced: false,
      by: dead,
      check: null,
      told: false,
    },
  ]);
});

test('of a process that lives, none is left: it checks its own', () => {
  violated(ownSpender());
  expect(open().left()).toEqual([]);
});

test('who asks first is who checks, and after that it is left to nobody', () => {
  violated(dead);
  const [one, other] = [open(), open()];
  const [violation] = one.left();
  if (violation === undefined) throw new Error('nothing is left');
  expect(other.left()).toEqual([violation]);
  expect([other.begin(violation), one.begin(violation), other.begin(violation)]).toEqual([true, false, true]);
  // under way, by a process that lives
  expect(open().left()).toEqual([]);
  other.end(violation);
  expect(open().left()).toEqual([]);
});

test('a line that was cut off by a full disk does not keep it from being checked', () => {
  violated(dead);
  appendFileSync(file, '{"k":"used","s":"a"');
  expect(open().begin({ number: 0 })).toBe(true);
});

test('one whose check was begun by a process that was killed is left until that is told', () => {
  violated(dead);
  append({ k: 'check', s: 'b', ms: 0, v: 0, by: dead });
  const checks = open();
  const [violation] = checks.left();
  expect(violation).toMatchObject({ check: { s: 'b', by: dead }, told: false });
  if (violation === undefined) throw new Error('nothing is left');
  expect(checks.begin(violation)).toBe(false);
  checks.end(violation);
  expect(open().left()).toEqual([]);
});

test('a line about a violation that there is not counts for nothing', () => {
  violated(dead);
  append({ k: 'told', s: 'b', ms: 0, v: 7 }, { k: 'check', s: 'b', ms: 0, v: -1, by: dead });
  expect(open().left()).toMatchObject([{ number: 0, check: null }]);
});

test('a journal that cannot be read is an error with a code', () => {
  expect(() => new ViolationChecks(folder)).toThrowError(
    expect.objectContaining({ code: 'CX-BUDGET-LEDGER', place: { file: folder } }),
  );
});
