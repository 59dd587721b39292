import { describe, expect, test } from 'vitest';
import { ranOf, runBothWays, tableOf, testsOf } from './compare.ts';
import { VERSIONS } from './versions.ts';

describe.each(VERSIONS)('vitest $line', (version) => {
  test('every kind of test has the result that it has without the plugin', async () => {
    const { governed } = await runBothWays(version, 'kinds', { args: ['--includeTaskLocation'] });
    const tests = testsOf(governed);
    // With it, each violation is held to the line of its test.
    expect(tests.filter(({ location }) => location === undefined)).toEqual([]);
    const ran = ranOf(governed);
    expect(ran.length).toBeGreaterThan(70);
    // A suite whose beforeAll fails runs no test, and the others are governed one and all.
    expect(ran.filter(({ constitution }) => !constitution?.articles?.includes('I'))).toEqual([]);
    expect(tests.filter(({ state, constitution }) => state === 'skipped' && constitution)).toEqual([]);
    expect(tableOf(governed)).toContain(`2 articles · ${ran.length} tests governed`);
  });
});
