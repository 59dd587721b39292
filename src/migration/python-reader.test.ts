import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateEnvironment } from '../bridge/environments/index.ts';
import { packageRoot } from '../config/package-root.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { PythonReader, type ReadRequest } from './python-reader.ts';

let folder: string;
let environment: PythonEnvironment;
/** Names that were read as programs, and what was wrong with the others. */
const read = async (request: ReadRequest, python = environment.python, secondsPerFile = 20) => {
  const { signal } = new AbortController();
  const reader = new PythonReader({ environment: { ...environment, python }, signal, secondsPerFile });
  const rows = await reader.read(request);
  return rows.map((row) => ('fault' in row ? `${row.file}: ${row.fault.message}` : row.file));
};
/** An interpreter that does something else first with the text of each file. */
const interpreter = async (name: string, code: string) => {
  const script = path.join(folder, name);
  const main = path.join(packageRoot(), 'python', 'constitution_migration', '__main__.py');
  const patch = `import os, sys, runpy
sys.path.insert(0, ${JSON.stringify(path.join(packageRoot(), 'python'))})
import constitution_migration.uses as uses
original = uses.uses_in
def uses_in(text, *rest):
    ${code}
    return original(text, *rest)
uses.uses_in = uses_in
runpy.run_path(${JSON.stringify(main)}, run_name="__main__")`;
  await writeFile(`${script}.py`, patch);
  await writeFile(script, `#!/bin/sh\nexec ${environment.python} ${script}.py\n`);
  await chmod(script, 0o755);
  return script;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'reader-'));
  environment = await locateEnvironment(packageRoot(), 'dspy-3.0.1');
});
afterAll(() => rm(folder, { recursive: true }));

const TEXTS = Object.fromEntries(
  ['a', 'b', 'crash', 'c', 'd', 'e'].map((name) => [`${name}.py`, `import dspy\n# ${name}\n`]),
);
const NAMES = Object.keys(TEXTS);

test('reads in order, whatever process reads', async () => {
  const many = Object.fromEntries(Array.from({ length: 1203 }, (_, number) => [`f${number}.py`, 'x = 1\n']));
  expect(await read({ texts: many })).toEqual(Object.keys(many));
  expect(await read({ texts: {} })).toEqual([]);
});

test('a file that is the end of Python is a fault, and the others are read', async () => {
  const python = await interpreter('killed', 'if "# crash" in text: os.kill(os.getpid(), 9)');
  expect(await read({ texts: TEXTS }, python)).toEqual(
    NAMES.map((name) => (name === 'crash.py' ? 'crash.py: Python ended while it read this (SIGKILL)' : name)),
  );
});

test('of an answer that was cut off, what is whole counts', async () => {
  const cut =
    'os.write(1, b"") if "# crash" not in text else (os.write(3, b"{\\"file\\": {}"), os.kill(os.getpid(), 9))';
  const python = await interpreter('cut', cut);
  expect(await read({ texts: TEXTS }, python)).toEqual(
    NAMES.map((name) => (name === 'crash.py' ? expect.stringContaining('(SIGKILL)') : name)),
  );
});

test('an error that nobody thought of is a fault of its file', async () => {
  const python = await interpreter('erring', 'if "# crash" in text: raise KeyError("what")');
  expect(await read({ texts: TEXTS }, python)).toEqual(
    NAMES.map((name) => (name === 'crash.py' ? "crash.py: not understood (KeyError: 'what')" : name)),
  );
});

test('a limit of time goes on after one inside of it', async () => {
  const code = `exec('''import constitution_migration.reading as reading
with reading.at_most(9): pass
while "# crash" in text: pass''')`;
  expect(await read({ texts: TEXTS }, await interpreter('busy', code), 0.5)).toEqual(
    NAMES.map((name) => (name === 'crash.py' ? 'crash.py: not understood within 0.5 s' : name)),
  );
});

test('a script that does not work is an error', async () => {
  const python = await interpreter('broken', 'sys.exit(4)');
  await expect(read({ texts: TEXTS }, python)).rejects.toMatchObject({ code: 'CX-MIGRATION-SCAN' });
  await expect(read({ texts: TEXTS }, path.join(folder, 'none'))).rejects.toMatchObject({
    code: 'CX-MIGRATION-SCAN',
  });
});
