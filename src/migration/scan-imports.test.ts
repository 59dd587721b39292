import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { compareVersions } from './compare.ts';
import { environmentOf } from './read-api.ts';
import { Scanner } from './scan.ts';

const VERSIONS = ['2.6.27', '3.0.1'] as const;

test("of the imports in DSPy's own source, a scan finds just those that Python cannot make any more", async () => {
  const root = packageRoot();
  const { python } = await environmentOf(root, VERSIONS[0]);
  const { stdout: source } = await execa(python, [
    '-c',
    'import importlib.util as u; print(u.find_spec("dspy").submodule_search_locations[0])',
  ]);
  const probe = path.join(root, 'src/migration/testdata/imports_of.py');
  const [before, after] = await Promise.all(
    VERSIONS.map(async (version) => {
      const environment = await environmentOf(root, version);
      const { stdout } = await execa(environment.python, [probe, 'dspy', source], {
        env: environment.processEnv,
        extendEnv: false,
      });
      return JSON.parse(stdout) as Record<string, boolean>;
    }),
  );
  const imports = Object.keys(before ?? {});
  const broken = imports.filter((place) => before?.[place] && !after?.[place]);
  const { signal } = new AbortController();
  const [from, to] = VERSIONS;
  const comparison = await compareVersions({ root, from, to, signal, note: () => {} });
  const { files } = await new Scanner(comparison, { signal }).scan(source);
  const found = files.flatMap(({ file, findings }) =>
    findings.filter(({ kind }) => kind !== 'behavior').map(({ line }) => `${file}:${line}`),
  );
  expect(broken.length).toBeGreaterThan(20);
  expect([...new Set(found)].filter((place) => imports.includes(place)).sort()).toEqual(broken.sort());
});
