import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runProject } from '../src/vitest/test-support.ts';
import { convertScript, mergeScripts } from './convert-coverage.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const recorder = path.join(root, 'scripts', 'record-coverage.mjs');
const bundle = pathToFileURL(path.join(root, 'dist', 'cli.mjs')).href;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'constitution-coverage-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** How often each function of a source file ran, by its name, summed over all that was recorded. */
async function hits(source: string): Promise<Record<string, number>> {
  const records = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    .map((script) => ({ ...script, code: path.join(folder, script.code) }));
  const found: Record<string, number> = {};
  for (const script of mergeScripts(records)) {
    const file = (await convertScript(script))[path.join(root, source)];
    for (const [id, { name }] of Object.entries(file?.fnMap ?? {})) {
      found[name] = (found[name] ?? 0) + (file?.f[id] ?? 0);
    }
  }
  return found;
}

const measured = (code: string) =>
  execa(process.execPath, [`--import=${recorder}`, '--input-type=module', '-e', code], {
    env: { CONSTITUTION_COVERAGE: folder, NODE_OPTIONS: '' },
    cwd: root,
    reject: false,
  });

test('a bundled command counts in the sources it was made of', async () => {
  const { exitCode } = await measured(
    `process.argv[1] = ${JSON.stringify(fileURLToPath(bundle))}; process.argv[2] = '--version'; await import('${bundle}')`,
  );
  expect(exitCode).toBe(0);
  expect((await hits('src/cli/main.ts'))['main']).toBe(1);
});

test('two processes count twice', async () => {
  const code = `const { main } = await import('${bundle}'); await main(['--version']);`;
  await Promise.all([measured(code), measured(code)]);
  expect((await hits('src/cli/main.ts'))['main']).toBe(2);
});

test('a process that a signal ends is measured, and ends by that signal', async () => {
  const child = measured(
    `const { main } = await import('${bundle}'); await main(['--version']); console.error('ready'); setInterval(() => {}, 1000);`,
  );
  await once(child.stderr, 'data');
  child.kill('SIGTERM');
  expect((await child).signal).toBe('SIGTERM');
  expect((await hits('src/cli/main.ts'))['main']).toBe(1);
});

test('the workers of a vitest inside count in the sources that it transformed', async () => {
  vi.stubEnv('CONSTITUTION_COVERAGE', folder);
  vi.stubEnv('NODE_OPTIONS', `--import=${recorder}`);
  const { exitCode } = await runProject({
    'a.test.ts': `import { expect, test } from 'vitest'; test('one', () => { expect(1).toBe(1); });`,
    'constitution/a.yaml':
      'id: I\ntitle: t\nwhy: w\nseverity: block\nappliesTo: { files: ["**"] }\nchecks: [{ uses: must-assert }]\n',
  });
  expect(exitCode).toBe(0);
  const ran = await hits('src/checks/test/must-assert.ts');
  expect(ran['run']).toBe(1);
});
