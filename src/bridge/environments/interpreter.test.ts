import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPython, type Interpreter, probePython } from './interpreter.ts';
import { machineTools } from './test-support.ts';

let folder: string;
let real: Interpreter;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'constitution-python-'));
  real = (await machineTools()).interpreter;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

it('describes an interpreter by its own words', () => {
  expect(real.version).toMatch(/^3\.1[0-3]\.\d+$/);
  expect(path.isAbsolute(real.executable)).toBe(true);
  expect(real.markers).toMatchObject({ python_full_version: real.version, sys_platform: process.platform });
});

it('believes no candidate that does not answer', async () => {
  expect(await probePython(await script('shim', 'echo "not installed" >&2; exit 127'))).toBeNull();
  expect(await probePython(await script('chatter', 'echo hello'))).toBeNull();
  expect(await probePython(path.join(folder, 'absent'))).toBeNull();
});

it('passes over a shim on the PATH', async () => {
  for (const version of ['3.10', '3.11', '3.12', '3.13']) await script(`python${version}`, 'exit 127');
  await symlink(real.executable, path.join(folder, 'python3'));
  const found = await findPython('>=3.10,<3.14', { PATH: folder, HOME: folder });
  expect(await probePython(found.executable)).toEqual(found);
});

it('uses the named one alone', async () => {
  const range = '>=3.10,<3.14';
  expect(await findPython(range, { CONSTITUTION_PYTHON: real.executable })).toEqual(real);
  await expect(
    findPython(range, { ...process.env, CONSTITUTION_PYTHON: '/no/python' }),
  ).rejects.toMatchObject({ code: 'CX-PYTHON-MISSING', message: expect.stringContaining('/no/python') });
});

it('refuses a version outside the range, naming what it found', async () => {
  const old = await script('old', `echo '{"executable":"/old/python","version":"3.9.18","markers":{}}'`);
  await expect(findPython('>=3.10,<3.14', { CONSTITUTION_PYTHON: old })).rejects.toMatchObject({
    code: 'CX-PYTHON-VERSION',
    message: 'no Python >=3.10,<3.14; found 3.9.18 (/old/python)',
  });
  await expect(findPython('>=3.10,<3.10.0', process.env)).rejects.toMatchObject({
    code: 'CX-PYTHON-VERSION',
  });
});
