import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from './test-support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...argv: string[]) => runCommand(folder, argv);
const runWith = (environment: NodeJS.ProcessEnv, ...argv: string[]) => runCommand(folder, argv, environment);

test('--help lists every command and ends with 0', async () => {
  const { exitCode, stdout } = await run('--help');
  expect(exitCode).toBe(0);
  for (const name of ['baseline', 'bugs', 'check', 'doctor', 'env', 'gate', 'init', 'lm', 'overhead', 'why'])
    expect(stdout).toContain(`  ${name}`);
});

test('the version is that of the package', async () => {
  expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an unknown command is an error of configuration', async () => {
  const { exitCode, stderr } = await run('gaet');
  expect(exitCode).toBe(3);
  expect(stderr).toContain("unknown command 'gaet'");
});

test('an option with a wrong value says what is allowed', async () => {
  const { exitCode, stderr } = await run('gate', '--lm=replays');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('Allowed choices are replay, record, live, auto');
});

test('outside of a project it says so, with a hint and without a stack trace', async () => {
  const { exitCode, stdout, stderr } = await run('bugs', 'list');
  expect(exitCode).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^error CX-CONFIG-MISSING no gate\.yaml or package\.json in .*\n {2}hint .*--root\.\n$/,
  );
});

test('a broken file is shown with its place, the line and a caret', async () => {
  await writeFile(path.join(folder, 'gate.yaml'), 'environmnts: {}\n');
  const { exitCode, stderr } = await run('gate');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('error CX-CONFIG-INVALID unknown key "environmnts"\n  at gate.yaml:1:1\n');
  expect(stderr).toContain('    environmnts: {}\n    ^\n');
  expect(stderr).toContain('  hint Did you mean "environments"?');
  expect(stderr).not.toContain('.ts:');
});

test('DEBUG adds the stack', async () => {
  expect((await runWith({ DEBUG: '1' }, 'bugs', 'list')).stderr).toMatch(/\n\s+at .*main\.ts/);
});

test('a word that is a command elsewhere is an argument here', async () => {
  await writeFile(path.join(folder, 'package.json'), '{}');
  const { stderr } = await run('why', 'gate');
  expect(stderr).toContain('gate.yaml');
});

test('a project may have the name of a command', async () => {
  await mkdir(path.join(folder, 'gate'));
  await writeFile(path.join(folder, 'gate', 'package.json'), '{}');
  const { exitCode, stdout } = await run('--root', 'gate', 'bugs', 'list', '--json');
  expect([exitCode, stdout]).toEqual([0, '[]\n']);
});

test('a folder that --root names has to be there', async () => {
  const away = path.join(folder, 'away');
  const { exitCode, stderr } = await run('--root', away, 'bugs', 'list');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`error CX-CONFIG-MISSING there is no folder ${away}\n`);
});

test.each(['abc', '0', '-1', '1.5'])('the number of workers is not %s', async (workers) => {
  await writeFile(path.join(folder, 'gate.yaml'), 'environments: {}\n');
  const { exitCode, stderr } = await run('gate', '--workers', workers);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('a whole number from 1 to 256 is needed');
});

test('--json keeps stdout for one document', async () => {
  await writeFile(path.join(folder, 'package.json'), '{}');
  const { exitCode, stdout } = await run('bugs', 'list', '--json');
  expect([exitCode, JSON.parse(stdout)]).toEqual([0, []]);
});
