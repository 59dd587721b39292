import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBothWays, tableOf } from './compare.ts';
import { type Ended, runVitest, withProject } from './run-vitest.ts';
import { REPOSITORY, VERSIONS } from './versions.ts';

const notes = ({ stderr }: Ended) => stderr.split('\n').filter((line) => line.includes('not governed: '));

describe.each(VERSIONS)('vitest $line', (version) => {
  const benchmarks = version.line === '5' ? 'benchmarks-5' : 'benchmarks';

  test('benchmarks run as they do without the plugin', async () => {
    const [plain, governed] = await Promise.all(
      [false, true].map((governed) =>
        withProject(version, { name: benchmarks, governed }, (project) =>
          runVitest(project, { command: ['bench', '--run'], reporters: [], collect: false }),
        ),
      ),
    );
    for (const run of [plain, governed]) {
      expect(run?.exitCode, run?.stderr).toBe(0);
      expect(run?.stdout).toMatch(/plus/);
    }
    expect(`${governed?.stdout}${governed?.stderr}`).not.toMatch(/constitution(?!-)/i);
  });

  test('tests beside benchmarks are governed', async () => {
    const { governed } = await runBothWays(version, benchmarks);
    expect(tableOf(governed)).toContain('2 articles · 2 tests governed');
    expect(notes(governed)).toEqual([]);
  });

  test('a project in a browser is named', async () => {
    const { governed } = await runBothWays(version, 'browser');
    expect(tableOf(governed)).toContain('2 articles · 2 tests governed');
    expect(notes(governed)).toEqual([' not governed: project web (chromium) in a browser']);
    expect(Object.fromEntries(governed.runs[0]?.setupFiles ?? [])).toEqual({ node: 1, 'web (chromium)': 0 });
  });

  test('tests of types are counted', async () => {
    const tsc = path.join(REPOSITORY, 'node_modules', '.bin', 'tsc');
    const { governed } = await runBothWays(version, 'typecheck', { env: { MATRIX_TSC: tsc } });
    expect(tableOf(governed)).toContain('2 articles · 2 tests governed');
    expect(notes(governed)).toEqual([' not governed: 3 typecheck tests']);
  });
});
