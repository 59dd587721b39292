import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import type { PytestComparison } from '../../core/pytest-comparison.ts';
import { hashesOf } from '../../pytest/test-support.ts';
import { runCommand } from '../test-support.ts';

describe('a suite that does everything a suite should not', () => {
  let folder: string;
  let before: Record<string, string>;
  let run: Awaited<ReturnType<typeof runCommand>>;
  let told: PytestComparison;
  beforeAll(async () => {
    folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'hostile-')), 'hostile');
    await cp(path.join(packageRoot(), 'src/pytest/testdata/hostile'), folder, {
      recursive: true,
      // It would take the two minutes that an import may take.
      filter: (source) => !source.endsWith('test_hangs_at_import.py'),
    });
    await writeFile(
      path.join(folder, 'tests', 'test_needs_a_package.py'),
      'import surely_not_installed\n\n\ndef test_it():\n    assert surely_not_installed\n',
    );
    before = await hashesOf(folder);
    run = await runCommand(packageRoot(), ['pytest', folder, '--quiet', '--json', '--seconds', '4']);
    told = JSON.parse(run.stdout) as PytestComparison;
  }, 600_000);
  afterAll(() => rm(path.dirname(folder), { recursive: true }));

  test('--json is one document with a summary and a row a test, each with its cause', () => {
    expect(run.stderr).toBe('');
    expect(told.summary).toEqual({
      ...{ tests: 10, same: 12, fixed: 0, broken: 0, new: 0, missing: 0 },
      ...{ worse: 0, failing: 8 },
    });
    const rows = told.rows.map(({ id, kind, baseline, candidate }) => [
      kind,
      id.replace(/^tests\/(test_hostile\.py::)?/, ''),
      candidate?.outcome,
      candidate?.code,
      baseline?.code === candidate?.code,
    ]);
    expect(rows).toEqual([
      ['file', 'test_exits_at_import.py', 'crashed', 'CX-PYTEST-EXIT', true],
      ['file', 'test_needs_a_package.py', 'error', 'CX-PYTEST-PACKAGE', true],
      ['test', 'test_exits', 'failed', 'CX-PYTEST-EXIT', true],
      ['test', 'test_ends_the_session', 'crashed', 'CX-PYTEST-EXIT', true],
      ['test', 'test_real_network', 'failed', 'CX-PYTEST-NETWORK', true],
      ['test', 'test_own_machine', 'passed', null, true],
      ['test', 'test_missing_package', 'failed', 'CX-PYTEST-PACKAGE', true],
      ['test', 'test_leaves_a_child', 'passed', null, true],
      ['test', 'test_prints_what_looks_like_an_event', 'passed', null, true],
      ['test', 'test_hangs', 'timeout', 'CX-PYTEST-TIMEOUT', true],
      ['test', 'test_kills_its_process', 'crashed', 'CX-PYTEST-EXIT', true],
      ['test', 'test_writes_into_its_tree', 'passed', null, true],
    ]);
  });

  test('the later version is no worse: exit code 0', () => {
    expect(run.exitCode).toBe(0);
  });

  test('nothing of its folder is changed', async () => {
    expect(await hashesOf(folder)).toEqual(before);
  });
});
