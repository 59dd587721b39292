import { describe, expect, test } from 'vitest';
import { testsOf } from './compare.ts';
import { type Ended, runVitest, withProject } from './run-vitest.ts';
import { VERSIONS } from './versions.ts';

/** All that the constitution prints but its cost, which is a measurement. */
const printed = ({ stderr }: Ended) => {
  const from = stderr.indexOf(' Constitution ');
  return stderr.slice(from, stderr.indexOf(' Overhead ', from));
};
const results = (ended: Ended) =>
  testsOf(ended)
    .map(({ name, state, constitution }) => ({ name, state, articles: constitution?.articles }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

describe.each(VERSIONS)('vitest $line', (version) => {
  test('reports of shards that are merged show what one run shows', async () => {
    await withProject(version, { name: 'pools', governed: true }, async (project) => {
      const whole = await runVitest(project);
      for (const shard of ['1/2', '2/2']) {
        const args = [`--shard=${shard}`];
        const part = await runVitest(project, { reporters: ['blob'], args, collect: false });
        expect(part.exitCode, part.stderr).toBe(1);
      }
      const merged = await runVitest(project, { args: ['--merge-reports'] });
      expect(printed(whole)).toContain('11 tests governed · 3 findings');
      expect(printed(merged)).toBe(printed(whole));
      expect(results(merged)).toEqual(results(whole));
      expect(merged.exitCode).toBe(1);
    });
  });
});
