import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { runCommand } from '../test-support.ts';

let root: string;
const write = (name: string, text: string) => writeFile(path.join(root, name), text);
beforeEach(async () => {
  const parent = path.join(packageRoot(), '.constitution', 'test-projects');
  await mkdir(parent, { recursive: true });
  root = await mkdtemp(path.join(parent, 'check-'));
  await mkdir(path.join(root, 'constitution'));
  await write('package.json', '{ "type": "module" }');
  const plugin = path.join(packageRoot(), 'src/vitest/plugin.ts');
  await write(
    'vitest.config.ts',
    `import { constitution } from ${JSON.stringify(plugin)};\nexport default { plugins: [constitution()] };\n`,
  );
  await write(
    'constitution/i.yaml',
    "id: I\ntitle: T\nwhy: W\nchecks: [{ expect: 'test.assertions > 0', message: m }]\n",
  );
  await write(
    'good.test.ts',
    "import { expect, test } from 'vitest';\ntest('good', () => expect(1).toBe(1));\n",
  );
});
afterEach(() => rm(root, { recursive: true }));

const check = (...args: string[]) => runCommand(root, ['check', ...args]);

test('every article that holds', async () => {
  const { exitCode, stdout } = await check();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ Constitution {2}1 article · 1 test governed · 0 findings\n {3}✓ I /);
});

test('a broken article, as a table and as JSON', async () => {
  await write('bad.test.ts', "import { test } from 'vitest';\ntest('bad', () => {});\n");
  const table = await check();
  expect(table.exitCode).toBe(1);
  expect(table.stdout).toMatch(/✗ I .*1 finding\n.*CX-EXPECT bad\.test\.ts:2 > bad: m/);
  const { stdout } = await check('--json');
  expect(JSON.parse(stdout)).toMatchObject({
    run: { tests: { passed: 1, failed: 1 } },
    articles: [{ id: 'I', governed: 2, findings: 1 }],
    findings: [{ code: 'CX-EXPECT', summary: 'm (test.assertions > 0)' }],
  });
});

test('a filter is passed on', async () => {
  await write('bad.test.ts', "import { test } from 'vitest';\ntest('bad', () => {});\n");
  expect((await check('good')).exitCode).toBe(0);
});

test('a suite without the plugin is told what to do', async () => {
  await write('vitest.config.ts', 'export default {};\n');
  const { exitCode, stderr } = await check();
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/CX-CONFIG-MISSING the run says nothing of a constitution[\s\S]*init/);
});

test('a broken article file is shown as it is', async () => {
  await write('constitution/i.yaml', 'id: I\ntitel: T\n');
  const { exitCode, stderr } = await check();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('error CX-CONFIG-INVALID unknown key "titel"');
  expect(stderr).toMatch(/at constitution\/i\.yaml:2:1\n.*titel: T\n.*\^/);
  expect(stderr).toContain('hint Did you mean "title"?');
  expect(stderr).not.toContain('load-yaml');
});

test('a report that the configuration asks for is left as it is', async () => {
  const config = await readFile(path.join(root, 'vitest.config.ts'), 'utf8');
  await write('vitest.config.ts', config.replace('plugins:', "test: { outputFile: 'own.json' }, plugins:"));
  await write('own.json', 'kept');
  expect((await check()).exitCode).toBe(0);
  expect(await readFile(path.join(root, 'own.json'), 'utf8')).toBe('kept');
});
