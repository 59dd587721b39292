import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DECLARATIONS } from '../../checks/declarations.ts';
import { loadArticles } from '../../config/articles.ts';
import { starterArticles, traitsOf } from '../init/starter.ts';
import { runCommand } from '../test-support.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'init-'));
  await writeFile(path.join(root, 'package.json'), '{}');
});
afterEach(() => rm(root, { recursive: true }));

const init = (...args: string[]) => runCommand(root, ['init', ...args]);
const files = async () => (await readdir(root, { recursive: true })).sort();

test('a suite without a configuration gets one, and articles that load and warn', async () => {
  await writeFile(
    path.join(root, 'a.test.ts'),
    "import fs from 'node:fs';\nexpect(process.env.A).toBe('1');\n",
  );
  const { exitCode, stdout } = await init('--yes');
  expect(exitCode).toBe(0);
  expect(stdout).toContain("+import { constitution } from 'vitest-constitution';");
  expect(await readFile(path.join(root, 'vitest.config.mts'), 'utf8')).toContain('plugins: [constitution()]');
  const articles = await loadArticles(
    path.join(root, 'constitution'),
    { checks: DECLARATIONS, checkPredicate: () => null },
    { root },
  );
  expect(articles.map(({ severity }) => severity)).toEqual(['warn', 'warn', 'warn']);
  const used = articles.flatMap(({ checks }) => checks.map((check) => ('uses' in check ? check.uses : '')));
  expect(used).toEqual(expect.arrayContaining(['must-assert', 'no-env-leak', 'no-writes-outside']));
  expect(used).not.toContain('no-real-network');
});

test('every check that a starter can name exists', () => {
  const traits = traitsOf(["import fs from 'fs'; fetch('x'); process.env.A; setTimeout(f); expect(1)"], {
    hasDocs: true,
    hasPipelines: true,
  });
  const named = Object.values(starterArticles(traits)).flatMap((text) => [...text.matchAll(/uses: (\S+)/g)]);
  expect(named.length).toBeGreaterThan(12);
  for (const [, name] of named) expect(Object.keys(DECLARATIONS)).toContain(name);
});

test('what exists is kept, and a second time changes nothing', async () => {
  await writeFile(path.join(root, 'vitest.config.mts'), 'export default { test: {} };\n');
  expect((await init('--yes', '--json')).stdout).toContain('"vitest.config.mts"');
  const before = await files();
  const again = await init('--yes', '--json');
  expect(JSON.parse(again.stdout)).toEqual({ written: [], notes: [] });
  expect(await files()).toEqual(before);
});

test('projects that would not be governed are told what they need', async () => {
  const config = path.join(root, 'vitest.config.mts');
  await writeFile(config, 'export default { test: { projects: [{ test: { name: "a" } }] } };\n');
  const { exitCode, stdout } = await init('--yes');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('with `extends: true`, or with `constitution()` in its own `plugins`');
  expect(JSON.parse((await init('--yes', '--json')).stdout).notes).toHaveLength(1);
  await writeFile(
    config,
    (await readFile(config, 'utf8')).replace('{ test: { name', '{ extends: true, test: { name'),
  );
  expect(JSON.parse((await init('--yes', '--json')).stdout).notes).toEqual([]);
});

test('a project with a configuration of its own gets the line there, and one with tests and without gets one', async () => {
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  await write(
    'vitest.config.ts',
    "export default { test: { projects: ['./packages/*', '!packages/old'] } };\n",
  );
  await write('packages/own/vitest.config.ts', 'export default defineProject({ test: {} });\n');
  await write('packages/odd/vitest.config.ts', 'export default config;\n');
  await write('packages/bare/src/a.test.ts', '');
  await write('packages/docs/readme.md', '');
  await write('packages/old/a.test.ts', '');
  const { written, notes } = JSON.parse((await init('--yes', '--json')).stdout);
  expect(written.filter((file: string) => !file.startsWith('constitution/'))).toEqual([
    'vitest.config.ts',
    'packages/bare/vitest.config.mts',
    'packages/own/vitest.config.ts',
  ]);
  expect(notes).toEqual([expect.stringMatching(/^packages\/odd\/vitest\.config\.ts is not understood\./)]);
  expect(await readFile(path.join(root, 'packages/own/vitest.config.ts'), 'utf8')).toContain(
    '[constitution()]',
  );
  expect(JSON.parse((await init('--yes', '--json')).stdout).written).toEqual([]);
});

test('projects of a workspace file are projects too', async () => {
  await writeFile(
    path.join(root, 'vitest.workspace.ts'),
    "export default ['unit.config.ts', { test: {} }];\n",
  );
  await writeFile(path.join(root, 'unit.config.ts'), 'export default { test: {} };\n');
  const { written, notes } = JSON.parse((await init('--yes', '--json')).stdout);
  expect(written).toEqual(expect.arrayContaining(['vitest.config.mts', 'unit.config.ts']));
  expect(notes).toEqual([expect.stringContaining('`extends: true`')]);
});

test.each(['plugins,', 'plugins: ci ? [] : [],'])(
  '%s gets no second key, and the line to add',
  async (member) => {
    const config = `export default defineConfig({ ${member} test: {} });\n`;
    await writeFile(path.join(root, 'vitest.config.ts'), config);
    const { exitCode, stderr } = await init('--yes');
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      "Add `import { constitution } from 'vitest-constitution'`, and `constitution()`",
    );
    expect(await readFile(path.join(root, 'vitest.config.ts'), 'utf8')).toBe(config);
  },
);

test('a configuration that is not understood is left as it is, with the two lines to add', async () => {
  await writeFile(path.join(root, 'vitest.config.js'), 'module.exports = {};\n');
  const { exitCode, stderr } = await init('--yes');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/CX-INIT.*\n.*vitest\.config\.js[\s\S]*`constitution\(\)` to its `plugins`/);
  expect(await files()).toEqual(['package.json', 'vitest.config.js']);
});

test('without a terminal and without --yes nothing is written', async () => {
  const { exitCode, stderr } = await init();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('--yes');
  expect(await files()).toEqual(['package.json']);
});
