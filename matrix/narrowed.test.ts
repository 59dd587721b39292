import { describe, expect, test } from 'vitest';
import { runVitest, withProject } from './run-vitest.ts';
import { VERSIONS } from './versions.ts';

const NARROWING = [
  ['a.test.ts'],
  ['-t', 'adds'],
  ['--project', 'one'],
  ['--exclude', 'b.test.ts'],
  ['--shard', '1/2'],
];

describe.each(VERSIONS)('vitest $line', (version) => {
  test('a narrowed run does not call an article idle', async () => {
    const narrowing = version.line === '3.2' ? NARROWING : [...NARROWING, ['--tags-filter', '!slow']];
    await withProject(version, { name: 'narrowed', governed: true }, async (project) => {
      const isTold = async (args: string[]) => {
        const { exitCode, stderr } = await runVitest(project, { args });
        expect(stderr).toMatch(/Constitution {2}3 articles · \d tests? governed/);
        expect(exitCode, stderr).toBe(0);
        return stderr.includes('CX-ARTICLE-IDLE');
      };
      expect(await isTold([])).toBe(true);
      const told: string[][] = [];
      for (const args of narrowing) if (await isTold(args)) told.push(args);
      expect(told).toEqual([]);
    });
  });
});
