import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gateSchema } from '../../config/gate.ts';
import { loadOptimizerBudgets } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { RoleBudget } from '../../core/optimizer-budget.ts';
import { NOTHING } from '../../core/spending/amounts.ts';
import type { RecordedViolation } from '../../core/spending/recorded-violation.ts';
import { pipelineRun } from '../../core/verdict/pipeline-run.fixture.ts';
import { Ledger } from '../../gateway/ledger/ledger.ts';
import { ViolationChecks } from '../../gateway/ledger/violation-checks.ts';
import { AlertReceiver } from './alert-receiver.ts';
import { ViolationChecker } from './check-violation.ts';
import { keepEvidence, keptEvidence } from './evidence.ts';

let root: string;
let ledgerFile: string;
let receiver: AlertReceiver;
let budget: RoleBudget;
let notes: string[];
let checker: ViolationChecker;
let violation: RecordedViolation;
beforeAll(async () => {
  receiver = await AlertReceiver.listen();
});
afterAll(() => receiver.close());
beforeEach(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'violation-'));
  mkdirSync(path.join(root, 'constitution'));
  const shipped = readFileSync(path.join(packageRoot(), 'optimizer_budget.yaml'), 'utf8');
  writeFileSync(
    path.join(root, 'optimizer_budget.yaml'),
    shipped.replace('alerts: {}', receiver.settings).replace('calls: 2000', 'calls: 1'),
  );
  const arms = { baseline: 'a', candidate: 'b' };
  const gate = gateSchema.parse({
    environments: arms,
    roles: { coder: arms, planner: arms },
    lm: { model: 'm' },
  });
  budget = (await loadOptimizerBudgets(root, gate)).get('coder') as RoleBudget;
  notes = [];
  receiver.received = [];
  checker = new ViolationChecker({ root, budget }, (line) => notes.push(line));
  ledgerFile = path.join(root, 'ledger.jsonl');
  violation = await violated();
});
afterEach(() => rmSync(root, { recursive: true }));

/** The violation of a ledger with a cap of one call. */
async function violated(): Promise<RecordedViolation> {
  const found: RecordedViolation[] = [];
  const ledger = new Ledger({
    file: ledgerFile,
    caps: budget.run,
    enforced: true,
    onViolation: (own) => found.push(own),
  });
  const of = { ...NOTHING, calls: 1 };
  (await ledger.reserve(of, 'r')).settle(of, false);
  await ledger.reserve(of, 'r').catch(() => undefined);
  ledger.close();
  expect(found).toHaveLength(1);
  return found[0] as RecordedViolation;
}
const facts = () => ({ ledgerFile, stoppedAfterMs: 7, runs: () => [pipelineRun({})] });

test('a violation is checked and told of; the same one a second time is neither', async () => {
  const first = await checker.check(violation, facts());
  expect(first).toMatchObject({ cap: 'calls', stoppedAfterMs: 7, check: { runs: 1, error: null } });
  expect(first.alerts.map(({ delivered }) => delivered)).toEqual([true, true]);
  const second = await checker.check(violation, facts());
  expect(second).toMatchObject({ check: { runs: 0, error: { code: 'CX-BUDGET-CHECK' } }, alerts: [] });
  expect(receiver.received).toHaveLength(2);
});

test('who comes second while the first is at it leaves it to that one', async () => {
  const other = new ViolationChecks(ledgerFile);
  expect(other.begin(violation)).toBe(true);
  other.close();
  const { check, alerts } = await checker.check(violation, facts());
  expect([check.error?.message, alerts]).toEqual(['another process has begun to check it', []]);
  expect(receiver.received).toEqual([]);
  expect(notes).toEqual([expect.stringContaining('could not be asked: CX-BUDGET-CHECK')]);
});

test('where the journal cannot say that it has begun, it is left for the next time', async () => {
  const { check, alerts } = await checker.check(violation, { ...facts(), ledgerFile: root });
  expect([check.error?.code, alerts]).toEqual(['CX-BUDGET-LEDGER', []]);
  expect(receiver.received).toEqual([]);
});

test('a check that fails is told in the place of what it would have said, and people are told all the same', async () => {
  const runs = () => {
    throw new Error('nothing there');
  };
  const { check, alerts } = await checker.check(violation, { ...facts(), runs });
  expect(check).toMatchObject({ runs: 0, error: { code: 'CX-INTERNAL', message: 'nothing there' } });
  expect(alerts.map(({ delivered }) => delivered)).toEqual([true, true]);
});

test('the runs that were written down are read as they were, and not where anything has changed them', () => {
  const runs = [pipelineRun({ case: 'ä' }), pipelineRun({ repeat: 1 })];
  keepEvidence(root, violation, () => runs);
  expect(keptEvidence(root, violation)).toEqual(runs);
  expect(keptEvidence(root, { number: 1 })).toBeNull();
  const file = path.join(root, 'violation-0.json');
  const text = readFileSync(file, 'utf8');
  for (const spoilt of [text.slice(0, -9), text.replace('"repeat":1', '"repeat":2'), '']) {
    writeFileSync(file, spoilt);
    expect(keptEvidence(root, violation)).toBeNull();
  }
});

test('a disk that takes nothing, and runs that cannot be made, are no reason to end', () => {
  writeFileSync(path.join(root, 'file'), '');
  expect(() => keepEvidence(path.join(root, 'file', 'below'), violation, () => [])).not.toThrow();
  const runs = () => {
    throw new Error('no runs');
  };
  expect(() => keepEvidence(root, violation, runs)).not.toThrow();
});
