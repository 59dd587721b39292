import { describe, expect, test } from 'vitest';
import { ranOf, runBothWays, tableOf, testsOf } from './compare.ts';
import { VERSIONS } from './versions.ts';

/** Suites that know nothing of the plugin; the one line that governs each is in a configuration. */
const SUITES = [
  ['suite-library', 'a library', 14],
  ['suite-server', 'a server with sockets', 16],
  ['suite-monorepo', 'a monorepo', 16],
] as const;

describe.each(VERSIONS)('vitest $line', (version) => {
  test.each(SUITES)('%s: %s has the results that it has without the plugin', async (name, _what, tests) => {
    const { governed, plain } = await runBothWays(version, name);
    expect(testsOf(plain)).toHaveLength(tests);
    const ran = ranOf(governed);
    expect(ran.filter(({ constitution }) => constitution?.articles !== 'I,II')).toEqual([]);
    expect(tableOf(governed)).toContain(`2 articles · ${ran.length} tests governed`);
    expect(governed.stderr.match(/^ Constitution /gm)).toHaveLength(1);
  });
});
