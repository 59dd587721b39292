import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeFound, placeLinter } from '../../checks/lint/test-support.ts';
import { runCommand } from '../test-support.ts';

const KNOWN = 'eval/lint-baseline.json';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lint-'));
  await mkdir(path.join(root, 'constitution'));
  await writeFile(path.join(root, 'package.json'), '{}');
  const command = JSON.stringify(await placeLinter(root));
  await writeFile(
    path.join(root, 'constitution', 'a.yaml'),
    `id: I\ntitle: t\nwhy: w\nchecks:\n  - uses: project/own\n  - uses: no-new-lint\n    with: { command: ${command} }\n`,
  );
});
afterEach(() => rm(root, { recursive: true }));

const lint = (...argv: string[]) => runCommand(root, ['lint', '--quiet', ...argv]);

test('new violations are listed; accepted ones are known from then on; gone ones are told', async () => {
  await placeFound(root, [
    ['a.py', 'E1', 4],
    ['a.py', 'E1', 9],
  ]);
  expect(await lint()).toEqual({
    exitCode: 1,
    stdout: 'strict: 2 violations, new in 1 place\n  a.py:9 E1: 2, 0 known\n',
    stderr: '',
  });

  expect(await lint('--update')).toMatchObject({
    exitCode: 0,
    stdout: 'strict: 2 violations known from now on\n',
  });
  expect(JSON.parse(await readFile(path.join(root, KNOWN), 'utf8'))).toEqual({
    format: 1,
    linters: { strict: { 'a.py': { E1: 2 } } },
  });
  expect(await lint()).toMatchObject({ exitCode: 0, stdout: 'strict: 2 violations, none new\n' });

  await placeFound(root, [['a.py', 'E1', 9]]);
  const { exitCode, stdout } = await lint('--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    updated: false,
    linters: [{ tool: 'strict', found: 1, new: [], gone: 1 }],
  });
});

test('a broken file of what is known is an error with the cure, and the cure works', async () => {
  await placeFound(root, []);
  await mkdir(path.join(root, 'eval'));
  await writeFile(path.join(root, KNOWN), 'broken');
  const { exitCode, stderr } = await lint();
  expect(exitCode).toBe(3);
  expect(stderr).toContain(KNOWN);
  expect(stderr).toContain('lint --update');
  expect(await lint('--update')).toMatchObject({ exitCode: 0 });
  expect(await lint()).toMatchObject({ exitCode: 0 });
});

test('a linter without a report changes nothing', async () => {
  const { exitCode, stderr } = await lint('--update');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('CX-LINT-FAILED');
  await expect(readFile(path.join(root, KNOWN))).rejects.toThrow('ENOENT');
});

test('without an article that asks for it there is nothing to do', async () => {
  await writeFile(
    path.join(root, 'constitution', 'a.yaml'),
    'id: I\ntitle: t\nwhy: w\nchecks:\n  - uses: must-assert\n',
  );
  const { exitCode, stderr } = await lint();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('no article in constitution/ uses no-new-lint');
});
