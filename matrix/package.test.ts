import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { ranOf, runBothWays, tableOf, testsOf } from './compare.ts';
import { clean, runNode, runVitest, withProject } from './run-vitest.ts';
import { FOLDERS, REPOSITORY, VERSIONS } from './versions.ts';

const IMPORT =
  /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^'"()]*?from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Packages that a text imports, without those of Node. */
function packagesIn(text: string): string[] {
  return (
    [...text.matchAll(IMPORT)]
      .map(([, fixed, dynamic]) => (fixed ?? dynamic) as string)
      // Texts of our own can look like an import, and are no names of packages.
      .filter((name) => /^@?[a-z0-9][\w./-]*$/.test(name) && !builtinModules.includes(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
  );
}

describe.each(VERSIONS)('vitest $line', (version) => {
  const installed = path.join(FOLDERS.installed(version), 'node_modules', 'vitest-constitution');

  test('the package names every package that it imports', async () => {
    const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const imported = new Set<string>();
    for (const name of await readdir(path.join(installed, 'dist'))) {
      const text = await readFile(path.join(installed, 'dist', name), 'utf8');
      for (const one of packagesIn(text)) imported.add(one);
    }
    expect([...imported]).toContain('vitest');
    expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
  });

  test('what a worker reads for each test file is one file, with the common checks only', async () => {
    const read = (name: string) => readFile(path.join(installed, 'dist', name), 'utf8');
    const text = await read('govern-files.mjs');
    expect(text).toContain('CX-NO-ASSERTION');
    expect(text).not.toMatch(/CX-OPEN-HANDLES|CX-NOT-DETERMINISTIC|hint:/);
    expect(text.match(/(?:from|import)\s*["'`]\.[^"'`]*/g)).toBeNull();
    // The others are loaded when an article asks for one of them.
    const [, others = ''] = /import\(`\.\/(all-worker-checks[^`]*)`\)/.exec(text) ?? [];
    expect(await read(others)).toContain('CX-OPEN-HANDLES');
  });

  test('the command is there', async () => {
    const bin = path.join(FOLDERS.installed(version), 'node_modules', '.bin', 'vitest-constitution');
    const { stdout, exitCode } = await execa(bin, ['--help'], { reject: false });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('gate');
  });

  test('its types are those of this vitest', async () => {
    await withProject(version, { name: 'types', governed: true }, async (project) => {
      const tsc = path.join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
      const { stdout, timedOut } = await runNode(project, [tsc, '-p', '.']);
      expect(timedOut).toBe(false);
      // The declarations of vitest and vite themselves name packages that are not installed.
      const lines = clean(project, stdout)
        .split('\n')
        .filter((line) => line.includes('error TS'));
      expect(lines.filter((line) => !/node_modules\/(?!vitest-constitution\/)/.test(line))).toEqual([]);
    });
  });

  test("a project's own check", async () => {
    const { governed } = await runBothWays(version, 'own-check');
    const own = testsOf(governed).map(({ constitution }) =>
      (constitution?.findings ?? []).filter(({ article }) => article === 'III').map(({ code }) => code),
    );
    expect(own).toEqual([[], ['OWN-LONG-NAME']]);
  });

  test('what a test records is compared with a second time', async () => {
    await withProject(version, { name: 'recorded', governed: true }, async (project) => {
      const found = ranOf(await runVitest(project)).map(({ state, errors, constitution }) => [
        state,
        errors.length,
        (constitution?.findings ?? []).map(({ code }) => code),
      ]);
      expect(found).toEqual([
        ['passed', 0, []],
        ['passed', 0, []],
        ['passed', 0, ['CX-NOT-DETERMINISTIC']],
        ['failed', 2, []],
        ['passed', 0, []],
        ['passed', 0, []],
        ['passed', 0, ['CX-NOT-DETERMINISTIC', 'CX-NOT-DETERMINISTIC']],
      ]);
    });
  });

  test('the fixture for pipelines, in a project without Python', async () => {
    await withProject(version, { name: 'dspy-fixture', governed: true }, async (project) => {
      const governed = await runVitest(project);
      expect(ranOf(governed).map(({ state, errors }) => [state, errors])).toEqual([
        ['passed', []],
        ['passed', []],
      ]);
      expect(tableOf(governed)).toContain('2 tests governed · 0 findings');
    });
  });
});
