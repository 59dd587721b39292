import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import type { PytestComparison } from '../../core/pytest-comparison.ts';
import { runCommand } from '../test-support.ts';

/** Where another process loads the machine, starting Python twice takes a while. */
const SLOW = { timeout: 300_000 };
const ENVIRONMENTS = /dspy-(2\.6\.27|3\.0\.1)\+pytest-[0-9a-f]{8}/g;

const pytest = (folder: string, ...args: string[]) =>
  runCommand(packageRoot(), ['pytest', folder, '--quiet', ...args]);

/** A suite of its own for a test, by file. */
async function suiteOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bookings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** On Linux; a process that has ended and that nobody has waited for does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return status !== null && !/\) [ZX] /.test(status);
}

test('a person reads what is worse and why, then the sum; exit code 1', SLOW, async () => {
  const folder = await suiteOf({
    'test_rates.py': `import importlib.metadata

MAJOR = int(importlib.metadata.version("dspy").split(".")[0])


def test_old_rate():
    assert MAJOR == 2, "the rate of the old version"


def test_new_rate():
    assert MAJOR == 3


def test_rounding():
    assert round(2.5) == 3


def test_sum():
    assert sum([1, 2]) == 3
`,
  });
  const { exitCode, stdout, stderr } = await pytest(folder);
  expect(stdout.replaceAll(ENVIRONMENTS, '$1')).toBe(`broken   test_rates.py::test_old_rate
         failed: AssertionError: the rate of the old version
fixed    test_rates.py::test_new_rate
         failed: assert 2 == 3
fails    test_rates.py::test_rounding
         failed: assert 2 == 3

4 tests in 2.6.27 and 3.0.1: 2 the same, 1 fixed, 1 broken, 0 new, 0 missing; 1 worse, 2 failing in the later one.
`);
  expect([exitCode, stderr]).toEqual([1, '']);
});

test.each([
  ['end', 'pass'],
  ['are killed for their time', 'time.sleep(600)'],
])('what tests that %s have left running is killed, and told once a version', SLOW, async (_, then) => {
  const pids = path.join(await mkdtemp(path.join(os.tmpdir(), 'pids-')), 'pids.txt');
  onTestFinished(() => rm(path.dirname(pids), { recursive: true }));
  const folder = await suiteOf({
    'test_a.py': `import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize("number", [1, 2])
def test_leaves_a_child(number):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open(${JSON.stringify(pids)}, "a") as file:
        print(child.pid, file=file)
    ${then}
`,
  });
  const { exitCode, stdout } = await pytest(folder, '--seconds', '4');
  const lines = stdout.replaceAll(ENVIRONMENTS, '$1').split('\n');
  const sentence = 'processes that it started were still running, and were killed';
  expect(lines.filter((line) => line.startsWith('CX-'))).toEqual([
    `CX-PYTEST-CHILDREN  2.6.27: ${sentence}`,
    `CX-PYTEST-CHILDREN  3.0.1: ${sentence}`,
  ]);
  const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
  expect(started).toHaveLength(4);
  for (const pid of started) await expect.poll(() => isRunning(pid)).toBe(false);
  expect(exitCode).toBe(0);
});

test('what follows -- goes to pytest; --strict counts what fails in both versions', SLOW, async () => {
  const folder = await suiteOf({
    'test_a.py': 'def test_well():\n    pass\n\n\ndef test_ill():\n    assert not 1\n',
  });
  const counted = async (...args: string[]) => {
    const { exitCode, stdout } = await pytest(folder, '--json', ...args);
    const { tests, failing } = (JSON.parse(stdout) as PytestComparison).summary;
    return { exitCode, tests, failing };
  };
  expect(await counted()).toEqual({ exitCode: 0, tests: 2, failing: 1 });
  expect(await counted('--strict')).toEqual({ exitCode: 1, tests: 2, failing: 1 });
  expect(await counted('--strict', '--', '-k', 'well')).toEqual({ exitCode: 0, tests: 1, failing: 0 });
});

test('a suite that stops by itself blames no test for it', SLOW, async () => {
  const folder = await suiteOf({
    'conftest.py': `def pytest_runtest_protocol(item):
    if item.name == "test_second":
        item.session.shouldstop = "enough"
`,
    'test_a.py': ['first', 'second', 'third'].map((name) => `def test_${name}():\n    pass\n`).join('\n\n'),
  });
  const { exitCode, stdout } = await pytest(folder, '--json');
  const { rows, findings } = JSON.parse(stdout) as PytestComparison;
  expect(rows.map(({ id, candidate }) => [id, candidate?.outcome])).toEqual([
    ['test_a.py::test_first', 'passed'],
    ['test_a.py::test_second', 'passed'],
  ]);
  const finding = ['CX-PYTEST-SUITE', 'it stopped by itself before 1 of its tests'];
  expect(findings.map(({ code, message }) => [code, message])).toEqual([finding, finding]);
  expect(exitCode).toBe(0);
});

test('files that cannot be imported are rows, and the others run', SLOW, async () => {
  const folder = await suiteOf({
    'test_broken.py': 'def test_a(:\n',
    'test_raises.py': 'raise RuntimeError("not here")\n',
    'test_well.py': 'def test_c():\n    pass\n',
  });
  const { exitCode, stdout } = await pytest(folder);
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'fails    test_broken.py',
    '         CX-PYTEST-IMPORT  error: SyntaxError: invalid syntax',
    'fails    test_raises.py',
    '         CX-PYTEST-IMPORT  error: RuntimeError: not here',
    '',
  ]);
  expect(stdout).toContain('1 test in ');
  expect(exitCode).toBe(0);
});

test.each<[string, Record<string, string>, string[], string, string]>([
  [
    'a conftest that needs a missing package',
    { 'conftest.py': 'import surely_not_installed\n', 'test_a.py': 'def test_a():\n    pass\n' },
    [],
    'CX-PYTEST-PACKAGE',
    'there is no module "surely_not_installed"',
  ],
  [
    'a conftest that ends the process',
    { 'conftest.py': 'import sys\n\nsys.exit("not today")\n', 'test_a.py': 'def test_a():\n    pass\n' },
    [],
    'CX-PYTEST-EXIT',
    'the start ended the process (exit code 1): not today',
  ],
  [
    'settings that pytest does not know',
    { 'pytest.ini': '[pytest]\naddopts = --no-such-option\n', 'test_a.py': 'def test_a():\n    pass\n' },
    [],
    'CX-PYTEST-SUITE',
    'it came to no tests (exit code 4): unrecognized arguments: --no-such-option',
  ],
  [
    'a path that is not there',
    { 'test_a.py': 'def test_a():\n    pass\n' },
    ['--', 'absent.py'],
    'CX-PYTEST-SUITE',
    'it came to no tests (exit code 4): file or directory not found: absent.py',
  ],
  [
    'no tests',
    { 'rates.py': 'RATE = 2\n' },
    [],
    'CX-PYTEST-SUITE',
    'it came to no tests (exit code 5): there are none in it, or its arguments leave none',
  ],
])('%s: one finding a version, and exit code 3', SLOW, async (_, files, args, code, message) => {
  const { exitCode, stdout } = await pytest(await suiteOf(files), ...args);
  const lines = stdout.replaceAll(ENVIRONMENTS, '$1').split('\n');
  expect(lines.slice(0, 3)).toEqual([`${code}  2.6.27: ${message}`, `${code}  3.0.1: ${message}`, '']);
  expect(lines[3]).toMatch(/^0 tests /);
  expect(exitCode).toBe(3);
});

test.each<[string, (suite: string) => string[], RegExp]>([
  [
    'a folder that is not there',
    () => ['/nowhere/at/all'],
    /CX-CONFIG-MISSING the suite is not a folder\n.*\/nowhere\/at\/all\n.*hint Name the folder/,
  ],
  ['a file', (suite) => [path.join(suite, 'test_a.py')], /CX-CONFIG-MISSING the suite is not a folder/],
  [
    'a file of requirements that is not there',
    (suite) => [suite, '--require=-r absent.txt'],
    /CX-CONFIG-MISSING the requirements of the suite cannot be read\n.*absent\.txt/,
  ],
  [
    'an address as a requirement',
    (suite) => [suite, '--require', 'git+https://example.com/a'],
    /CX-CONFIG-INVALID "git\+https:\/\/example\.com\/a" is not the name of a package/,
  ],
  [
    'a version that has no environment',
    (suite) => [suite, '--to', '3.0.9'],
    /CX-CONFIG-REFERENCE there is no environment "3\.0\.9"\n.*env add dspy==3\.0\.9/,
  ],
  [
    'a limit that is no time',
    (suite) => [suite, '--seconds', 'soon'],
    /CX-USAGE --seconds is "soon"\n.*above 0/,
  ],
  [
    'a mode that does not exist',
    (suite) => [suite, '--lm', 'tape'],
    /CX-USAGE --lm is "tape"\n.*replay, record, auto, live/,
  ],
])('%s is refused before anything runs, with exit code 3', SLOW, async (_, args, expected) => {
  const suite = await suiteOf({ 'test_a.py': 'def test_a():\n    pass\n' });
  const { exitCode, stdout, stderr } = await runCommand(packageRoot(), ['pytest', '--quiet', ...args(suite)]);
  expect(stderr).toMatch(expected);
  expect([exitCode, stdout]).toEqual([3, '']);
});
