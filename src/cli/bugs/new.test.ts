import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { main } from '../main.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cli-new-'));
  await writeFile(path.join(folder, 'package.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

/** A command line at a terminal where somebody answers the questions in turn; without answers there is no terminal. */
async function run(argv: readonly string[], answers: readonly string[] = []) {
  const written = { stdout: '', stderr: '' };
  const waiting = [...answers];
  const isTTY = answers.length > 0;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    write: (text: string | Uint8Array) => {
      written[name] += text;
      const question = name === 'stderr' && String(text).endsWith(': ');
      if (question)
        setImmediate(() => (waiting.length > 0 ? stdin.write(`${waiting.shift()}\n`) : stdin.end()));
      return true;
    },
  });
  const environment = { NO_COLOR: '1' };
  const streams = { stdin, stdout: stream('stdout'), stderr: stream('stderr') };
  const exitCode = await main(argv, { ...streams, environment, folder });
  return { exitCode, ...written };
}

const file = (name: string) => readFile(path.join(folder, 'seeded-bugs/coder/sum-to-n', name), 'utf8');
const ASKED = ['coder', 'Sum To N', 'sum-to-n', 'off-by-one', '4', '2', 'One too few', ''];

test('at a terminal it asks, says what is wrong with an answer, and scaffolds', async () => {
  const { exitCode, stdout, stderr } = await run(['bugs', 'new'], ASKED);
  expect(stderr).toContain('Lower case, words joined by hyphens, e.g. sum-to-n.');
  expect(stderr).toContain('One of 1, 2, 3.');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('○ coder/sum-to-n off-by-one · One too few\n  seeded-bugs/coder/sum-to-n\n');
  expect(stdout).toContain('Complete it, then run `bugs verify coder/sum-to-n`.');
  expect(parse(await file('bug.yaml'))).toMatchObject({
    kind: 'off-by-one',
    difficulty: 2,
    title: 'One too few',
    entry: 'sum_to_n',
  });
});

test('it asks only for what flags do not say', async () => {
  const flags = ['--role=planner', '--id=garden', '--kind=stale-order', '--difficulty=1', '--title=T'];
  const { exitCode, stderr } = await run(['bugs', 'new', ...flags], ['water, dig', 'Dig before water.']);
  expect(exitCode).toBe(0);
  expect(stderr.match(/: $|: (?=[A-Z])/g)).toHaveLength(2);
  const text = await readFile(path.join(folder, 'seeded-bugs/planner/garden/bug.yaml'), 'utf8');
  expect(parse(text)).toMatchObject({ tasks: ['water', 'dig'], brief: 'Dig before water.' });
});

test('who ends the input in between has written nothing', async () => {
  const { exitCode, stderr } = await run(['bugs', 'new'], ASKED.slice(0, 4));
  expect([exitCode, stderr]).toEqual([
    3,
    expect.stringContaining('error CX-RUN-CANCELLED nothing was written'),
  ]);
  await expect(file('bug.yaml')).rejects.toThrow('ENOENT');
});

test('without a terminal flags say it all, and --json gives one document', async () => {
  const flags = ['--id=sum-to-n', '--kind=off-by-one', '--title=T', '--entry=f'];
  const { exitCode, stdout } = await run(['bugs', 'new', '--json', ...flags]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    bug: 'coder/sum-to-n',
    role: 'coder',
    id: 'sum-to-n',
    folder: 'seeded-bugs/coder/sum-to-n',
    kind: 'off-by-one',
    title: 'T',
    proven: false,
    missing: ['the program, its fix and its tests are to be written'],
    detail: 'the program, its fix and its tests are to be written',
    left: [],
  });
  expect(await file('buggy.py')).toContain('def f():');
});

test.each([
  [['--id=x'], 'CX-USAGE a new bug needs --kind, --title'],
  [['--from-diff=a', '--from-commit=b'], 'CX-USAGE --from-diff and --from-commit exclude each other'],
  [['--mutate=a', '--role=planner'], 'CX-USAGE --mutate makes Coder bugs only'],
  [['--from-commit=a', '--tests=b'], 'CX-USAGE --from-commit brings its own tests'],
  [['--mutate=a', '--buggy=b'], 'CX-USAGE --mutate brings its own programs'],
  [['--mutate=a', '--seed=one'], 'CX-USAGE --seed is a number'],
  [['--difficulty=4'], 'Allowed choices are 1, 2, 3'],
  [['--role=tester'], 'Allowed choices are coder, planner'],
])('%j is refused', async (flags, message) => {
  const { exitCode, stderr, stdout } = await run(['bugs', 'new', ...flags]);
  expect([exitCode, stdout]).toEqual([3, '']);
  expect(stderr).toContain(message);
});

test('an import needs a folder to write to', async () => {
  expect((await run(['bugs', 'import', folder])).stderr).toContain("required option '--out <folder>'");
});
