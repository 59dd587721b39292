import { describe, expect, test } from 'vitest';
import { tableOf } from './compare.ts';
import { type Ended, type RunOptions, runVitest, withProject } from './run-vitest.ts';
import { VERSIONS, type Version } from './versions.ts';

/** Runs a project both ways with nothing but the reporters that are asked for. */
async function runWith(
  version: Version,
  name: string,
  options: RunOptions,
): Promise<{ plain: Ended; governed: Ended }> {
  const run = (governed: boolean) =>
    withProject(version, { name, governed }, (project) => runVitest(project, { ...options, collect: false }));
  const [plain, governed] = await Promise.all([run(false), run(true)]);
  return { plain, governed };
}

interface JsonReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: string[];
    }[];
  }[];
}

/** States of the tests in a JSON report, without those that were planted. */
const statesIn = (stdout: string) =>
  (JSON.parse(stdout) as JsonReport).testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ fullName, status }) => `${fullName}: ${status}`)
    .filter((line) => !line.includes('[breaks]'))
    .sort();

describe.each(VERSIONS)('vitest $line', (version) => {
  test('json: standard output is the report and nothing else', async () => {
    const options = { reporters: [], env: { MATRIX_REPORTER: 'json' } };
    const { plain, governed } = await runWith(version, 'machine-reporter', options);
    expect(statesIn(governed.stdout)).toEqual(statesIn(plain.stdout));
    expect(JSON.parse(governed.stdout)).toMatchObject({ numTotalTests: 2, numPassedTests: 1 });
    expect(governed.stdout).toContain('CX-NO-ASSERTION');
    expect(tableOf(governed)).toContain('2 tests governed');
  });

  test('junit: standard output is the report and nothing else', async () => {
    const options = { reporters: [], env: { MATRIX_REPORTER: 'junit' } };
    const { governed } = await runWith(version, 'machine-reporter', options);
    expect(governed.stdout).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8" \?>\n<testsuites .*<\/testsuites>$/s,
    );
    expect(governed.stdout).not.toContain('Constitution ');
    expect(tableOf(governed)).toContain('2 tests governed');
  });

  test.each(['tap', 'tap-flat'])('%s: every line is one of the protocol', async (reporter) => {
    const { governed } = await runWith(version, 'pools', { reporters: [reporter] });
    const lines = governed.stdout.split('\n').map((line) => line.trim());
    expect(lines[0]).toBe('TAP version 13');
    expect(governed.stdout).not.toContain('Constitution ');
    expect(tableOf(governed)).toContain('11 tests governed');
  });

  test.each(['dot', 'verbose'])('%s: the table comes once, on standard error', async (reporter) => {
    const { governed } = await runWith(version, 'pools', { reporters: [reporter] });
    expect(governed.stderr.match(/^ Constitution /gm)).toHaveLength(1);
    expect(governed.stdout).not.toContain('Constitution ');
  });

  test('a reporter of the user sees what it sees without the plugin', async () => {
    const { plain, governed } = await runWith(version, 'own-reporter', { reporters: [] });
    const own = ({ stdout }: Ended) => stdout.split('\n').filter((line) => line.startsWith('own: '));
    expect(own(plain)).toEqual([
      'own: asserts: passed',
      'own: asserts nothing [breaks]: passed',
      'own: 1 files, passed',
    ]);
    expect(own(governed)).toEqual([
      'own: asserts: passed',
      'own: asserts nothing [breaks]: failed',
      'own: 1 files, failed',
    ]);
    expect(tableOf(governed)).toContain('2 tests governed');
  });

  test('the table comes after the summary of vitest', async () => {
    await withProject(version, { name: 'pools', governed: true }, async (project) => {
      const { stdout } = await runVitest(project, { collect: false, oneStream: true });
      expect(stdout.indexOf(' Constitution ')).toBeGreaterThan(stdout.indexOf('Duration '));
      expect(stdout.indexOf('Duration ')).toBeGreaterThan(0);
    });
  });
});
