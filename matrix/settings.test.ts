import { describe, expect, test } from 'vitest';
import { ranOf, runBothWays, tableOf } from './compare.ts';
import { VERSIONS } from './versions.ts';

describe.each(VERSIONS)('vitest $line', (version) => {
  test('a runner of the user', async () => {
    const { governed } = await runBothWays(version, 'own-runner');
    expect(tableOf(governed)).toContain('4 tests governed');
  });

  test.each(['list', 'parallel'])('set-up files of the user, loaded as a %s', async (sequence) => {
    const args = [`--sequence.setupFiles=${sequence}`];
    const { governed, plain } = await runBothWays(version, 'setup-files', { args });
    expect(tableOf(governed)).toContain('10 tests governed');
    for (const { stdout } of [governed, plain]) expect(stdout).toContain('global set-up taken down');
  });

  test.each(['list', 'parallel', 'stack'])('hooks called as a %s', async (sequence) => {
    const { governed } = await runBothWays(version, 'hook-order', { args: [`--sequence.hooks=${sequence}`] });
    expect(tableOf(governed)).toContain(`${ranOf(governed).length} tests governed`);
  });

  test('an unhandled rejection', async () => {
    const { governed, plain } = await runBothWays(version, 'unhandled');
    expect([plain.exitCode, governed.exitCode]).toEqual([1, 1]);
    expect(governed.runs[0]?.errors).toHaveLength(1);
    expect(tableOf(governed)).toContain('1 test governed');
  });

  test('tests in random order, with the same seed', async () => {
    const args = ['--sequence.shuffle', '--sequence.seed=7'];
    const { governed } = await runBothWays(version, 'pools', { args });
    expect(tableOf(governed)).toContain('11 tests governed');
  });
});
