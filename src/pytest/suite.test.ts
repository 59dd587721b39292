import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import type { PytestComparison } from '../core/pytest-comparison.ts';
import type { PytestRun } from '../core/pytest-run.ts';
import { prepareSuite, startSuite, suiteEnvironments } from './run-suite.ts';
import { startSuitePair } from './suite-pair.ts';
import { hashesOf } from './test-support.ts';

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
  expect(rows).toEqual([
    ['unit/test_old_import.py', 'broken', 'worse', 'error'],
    ['test_prompts.py::test_fields', 'same', 'well', 'passed'],
    ['test_prompts.py::test_shortened[a short one-a short one]', 'same', 'well', 'passed'],
    ['test_prompts.py::test_shortened[one that is too long-one that is\\u2026]', 'same', 'well', 'passed'],
    ['test_prompts.py::test_base_class', 'broken', 'worse', 'failed'],
    ['test_prompts.py::test_result_is_an_object', 'fixed', 'well', 'passed'],
    ['test_prompts.py::test_limit_of_zero', 'same', 'failing', 'failed'],
    ['test_prompts.py::test_hangs', 'same', 'failing', 'timeout'],
    ['test_prompts.py::test_after_the_one_that_hangs', 'same', 'well', 'passed'],
    ['test_prompts.py::test_old_settings', 'missing', 'well', 'skipped'],
    ['test_prompts.py::test_undecided', 'same', 'well', 'xfailed'],
    ['unit/test_old_import.py::test_module', 'missing', 'worse', null],
    ['test_prompts.py::test_new_type', 'new', 'well', 'passed'],
  ]);
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
