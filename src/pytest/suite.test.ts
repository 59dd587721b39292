import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import type { PytestComparison } from '../core/pytest-comparison.ts';
import type { PytestRun } from '../core/pytest-run.ts';
import { prepareSuite, startSuite, suiteEnvironments } from './run-suite.ts';
import { startSuitePair } from './suite-pair.ts';
import { hashesOf, SERVICE_ROWS } from './test-support.ts';

const root = packageRoot();
let folder: string;
let comparison: PytestComparison;
let hostile: PytestRun;
let before: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'suite-'));
  for (const name of ['service', 'hostile'])
    await cp(path.join(root, 'src/pytest/testdata', name), path.join(folder, name), { recursive: true });
  before = await hashesOf(folder);

  const pair = { root, suite: path.join(folder, 'service'), secondsPerTest: 5 };
  comparison = await (
    await startSuitePair({ ...pair, environments: ['2.6.27', 'dspy-3.0.1'] }, null)
  ).finish();

  const request = { root, suite: path.join(folder, 'hostile'), secondsPerTest: 5, secondsBetween: 8 };
  const [base] = await suiteEnvironments(root, ['3.0.1']);
  const environment = await prepareSuite(request, base as NonNullable<typeof base>);
  const { arm, close } = await startSuite(request, environment, null);
  await close();
  hostile = await arm.ended;
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a suite under both versions gives exactly the expected comparison', () => {
  const rows = comparison.rows.map(({ id, change, worse, failing, candidate }) => [
    id.replace(/^tests\//, ''),
    ...[change, worse ? 'worse' : failing ? 'failing' : 'well', candidate?.outcome ?? null],
  ]);
  expect(rows).toEqual(SERVICE_ROWS);
  expect(comparison.summary).toEqual({
    ...{ tests: 12, same: 7, fixed: 1, broken: 2, new: 1, missing: 2 },
    ...{ worse: 3, failing: 4 },
  });
});

test('hostile tests are findings of their own, and the suite goes on', () => {
  const tests = Object.entries(hostile.tests).map(([id, { outcome, code }]) => [
    id.split('::')[1],
    outcome,
    code,
  ]);
  expect(tests).toEqual([
    ['test_exits', 'failed', 'CX-PYTEST-EXIT'],
    ['test_ends_the_session', 'crashed', 'CX-PYTEST-EXIT'],
    ['test_real_network', 'failed', 'CX-PYTEST-NETWORK'],
    ['test_own_machine', 'passed', null],
    ['test_missing_package', 'failed', 'CX-PYTEST-PACKAGE'],
    ['test_leaves_a_child', 'passed', null],
    ['test_prints_what_looks_like_an_event', 'passed', null],
    ['test_hangs', 'timeout', 'CX-PYTEST-TIMEOUT'],
    ['test_kills_its_process', 'crashed', 'CX-PYTEST-EXIT'],
    ['test_writes_into_its_tree', 'passed', null],
  ]);
  expect(hostile.tests['tests/test_hostile.py::test_real_network']?.message).toContain(
    'asked for api.example.com:443',
  );
});

test('files that end or stop their import are findings', () => {
  expect(Object.entries(hostile.files).map(([file, { outcome, code }]) => [file, outcome, code])).toEqual([
    ['tests/test_exits_at_import.py', 'crashed', 'CX-PYTEST-EXIT'],
    ['tests/test_hangs_at_import.py', 'timeout', 'CX-PYTEST-TIMEOUT'],
  ]);
  expect(hostile.files['tests/test_exits_at_import.py']?.message).toBe('called sys.exit(no tests here)');
});

test('nothing of the tree is changed', async () => {
  expect(await hashesOf(folder)).toEqual(before);
});
