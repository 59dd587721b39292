import { describe, expect, test } from 'vitest';
import { comparePytestRuns, rowOf } from './pytest-comparison.ts';
import { causeOf, messageOf, type PytestOutcome, type PytestResult, type PytestRun } from './pytest-run.ts';

const result = (outcome: PytestOutcome): PytestResult => ({
  outcome,
  durationMs: 1,
  message: null,
  detail: null,
  code: null,
});
const run = (environment: string, tests: Record<string, PytestOutcome>, files: string[] = []): PytestRun => ({
  environment,
  dspy: environment,
  tests: Object.fromEntries(Object.entries(tests).map(([id, outcome]) => [id, result(outcome)])),
  files: Object.fromEntries(files.map((file) => [file, result('error')])),
  findings: [],
  wallMs: 1,
  processes: 1,
});

describe('a test in two environments', () => {
  test.each<[PytestOutcome | null, PytestOutcome | null, string, boolean, boolean]>([
    ['passed', 'passed', 'same', false, false],
    ['passed', 'xfailed', 'same', false, false],
    ['failed', 'error', 'same', false, true],
    ['timeout', 'timeout', 'same', false, true],
    ['failed', 'passed', 'fixed', false, false],
    ['crashed', 'xpassed', 'fixed', false, false],
    ['passed', 'failed', 'broken', true, true],
    ['passed', 'timeout', 'broken', true, true],
    ['passed', null, 'missing', true, false],
    ['passed', 'skipped', 'missing', false, false],
    ['failed', null, 'missing', false, false],
    ['skipped', 'skipped', 'same', false, false],
    ['skipped', null, 'same', false, false],
    ['skipped', 'failed', 'new', true, true],
    [null, 'failed', 'new', true, true],
    [null, 'passed', 'new', false, false],
  ])('%s → %s is %s', (before, after, change, worse, failing) => {
    const row = rowOf('t', 'test', before && result(before), after && result(after));
    expect(row).toMatchObject({ change, worse, failing });
  });
});

test('every test of either has a row in the order of the later one, and the sum counts them', () => {
  const before = run('old', { a: 'passed', gone: 'passed', b: 'failed', c: 'passed' });
  const after = run('new', { a: 'passed', b: 'passed', c: 'failed', d: 'passed' }, ['test_x.py']);
  const { rows, summary, environments } = comparePytestRuns(before, after);
  expect(environments).toEqual({ baseline: 'old', candidate: 'new' });
  expect(rows.map(({ id, kind, change }) => [id, kind, change])).toEqual([
    ['test_x.py', 'file', 'broken'],
    ['a', 'test', 'same'],
    ['gone', 'test', 'missing'],
    ['b', 'test', 'fixed'],
    ['c', 'test', 'broken'],
    ['d', 'test', 'new'],
  ]);
  expect(summary).toEqual({
    tests: 5,
    same: 1,
    fixed: 1,
    broken: 2,
    new: 1,
    missing: 1,
    worse: 3,
    failing: 2,
  });
});

describe('what pytest shows of a failure', () => {
  test.each([
    [
      'E       AssertionError: assert 1 == 2\nE         \nE         + 1\n\na.py:3: AssertionError',
      'AssertionError: assert 1 == 2',
    ],
    ['E       assert 1 == 2\n\na.py:3: AssertionError', 'assert 1 == 2'],
    ['E   pkg.errors.OddError: three\n', 'pkg.errors.OddError: three'],
    ['a\nfixture "x" not found', 'fixture "x" not found'],
  ])('%j says %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  test.each([
    ["E   ModuleNotFoundError: No module named 'httpx'", [], 'CX-PYTEST-PACKAGE'],
    ["E   ModuleNotFoundError: No module named 'dspy.primitives.program'", [], undefined],
    ['E       SystemExit: 3', [], 'CX-PYTEST-EXIT'],
    ['E   OSError', ['api.example.com:443'], 'CX-PYTEST-NETWORK'],
    ['E   litellm.BadRequestError: CX-GATEWAY-MISS no recording', [], 'CX-GATEWAY-MISS'],
    ['E   AssertionError', [], undefined],
  ])('%j with %j has the cause %s', (text, network, code) => {
    expect(causeOf(text, network)?.code).toBe(code);
  });
});
