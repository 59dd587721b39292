import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutPlanted } from './compare.ts';
import { type Run, readRuns, runNode, withProject } from './run-vitest.ts';
import { VERSIONS, type Version } from './versions.ts';
import { WatchedVitest } from './watched-vitest.ts';

const mend = (text: string) => text.replace('void value;', 'expect(value).toBeGreaterThan(0);');
const breakAgain = (text: string) => text.replace('expect(value).toBeGreaterThan(0);', 'void value;');

/** Everything, a file that is mended, the same one broken again, and a new start for a change of the configuration. */
async function watch(version: Version, governed: boolean): Promise<{ runs: Run[]; tables: string[] }> {
  return withProject(version, { name: 'pools', governed }, async (project) => {
    const vitest = new WatchedVitest(project);
    try {
      const lines = governed ? 1 : 0;
      const runs = [await vitest.nextRun(lines)];
      for (const [name, change] of [
        ['a.test.ts', mend],
        ['a.test.ts', breakAgain],
        ['vitest.config.ts', (text: string) => `${text}\n// changed`],
      ] as const) {
        await vitest.edit(name, change);
        runs.push(await vitest.nextRun(lines));
      }
      return { runs, tables: vitest.tables };
    } finally {
      await vitest.stop();
    }
  });
}

describe.each(VERSIONS)('vitest $line', (version) => {
  test('in watch mode nothing piles up from run to run', async () => {
    const [plain, governed] = await Promise.all([watch(version, false), watch(version, true)]);
    expect(governed.runs.map(withoutPlanted)).toEqual(plain.runs.map(withoutPlanted));
    expect(governed.tables.map((line) => line.replace(/^.*articles · /, ''))).toEqual([
      '11 tests governed · 3 findings',
      '3 tests governed · 0 findings',
      '3 tests governed · 1 finding',
      '11 tests governed · 3 findings',
    ]);
    expect(governed.runs.map(({ setupFiles }) => setupFiles)).toEqual(Array(4).fill([['', 1]]));
    expect(governed.runs.map(({ reporters }) => reporters)).toEqual(
      plain.runs.map(({ reporters }) => reporters + 1),
    );
    expect(plain.tables).toEqual([]);
  });

  test('a changed article governs the next run, and one that is wrong is told of', async () => {
    await withProject(version, { name: 'pools', governed: true }, async (project) => {
      const vitest = new WatchedVitest(project);
      try {
        const stateIn = ({ files }: Run) => files.find(({ file }) => file === 'a.test.ts')?.state;
        expect(stateIn(await vitest.nextRun(1))).toBe('failed');
        await vitest.edit('constitution/1-assert.yaml', (text) => text.replace('severity:', 'severty:'));
        await vitest.tells(/CX-CONFIG-INVALID unknown key "severty"/);
        await vitest.edit('constitution/1-assert.yaml', (text) =>
          text.replace('severty: block', 'severity: warn'),
        );
        expect(stateIn(await vitest.nextRun(1))).toBe('passed');
        expect(vitest.tables.map((line) => line.replace(/^.*articles · /, ''))).toEqual([
          '11 tests governed · 3 findings',
          '11 tests governed · 3 findings',
        ]);
      } finally {
        await vitest.stop();
      }
    });
  });

  test('a rerun of a single test', async () => {
    const [plain, governed] = await Promise.all(
      [false, true].map((governed) =>
        withProject(version, { name: 'watch-api', governed }, async (project) => {
          const { stderr } = await runNode(project, [path.join(project.root, 'watch.mjs')]);
          return { runs: await readRuns(project), stderr };
        }),
      ),
    );
    expect(governed?.runs.map(withoutPlanted)).toEqual(plain?.runs.map(withoutPlanted));
    const tables = governed?.stderr.match(/^ Constitution .*$/gm) ?? [];
    expect(
      tables.map((line) => line.replace(/^.*articles · /, '')),
      governed?.stderr,
    ).toEqual([
      '11 tests governed · 3 findings',
      '1 test governed · 0 findings',
      '11 tests governed · 3 findings',
    ]);
  });
});
