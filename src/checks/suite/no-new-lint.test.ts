import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeFound, placeLinter } from '../lint/test-support.ts';
import { aSuite } from '../test-support.ts';
import { check } from './no-new-lint.ts';

let root: string;
let command: string[];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lint-'));
  command = await placeLinter(root);
});
afterEach(() => rm(root, { recursive: true }));

const run = (options: object = {}) =>
  check.run({ ...aSuite({}), root }, { command, known: 'known.json', seconds: 60, ...options });
const know = (text: string) => writeFile(path.join(root, 'known.json'), text);

test('what is known may stay, what is beyond is a finding at its place', async () => {
  await placeFound(root, [
    ['a.py', 'E1', 4],
    ['a.py', 'E1', 9],
    ['b.py', 'E1', 2],
  ]);
  expect(await run()).toHaveLength(2);
  await know('{"format":1,"linters":{"strict":{"a.py":{"E1":1},"b.py":{"E1":1}}}}');
  expect(await run()).toEqual([
    {
      code: 'CX-LINT-NEW',
      values: { tool: 'strict', file: 'a.py', rule: 'E1', count: 2, known: 1 },
      place: { file: 'a.py', line: 9 },
    },
  ]);
  await know('{"format":1,"linters":{"strict":{"a.py":{"E1":2},"b.py":{"E1":1}}}}');
  expect(await run()).toEqual([]);
});

test('a run of some tests does not wait for linters', async () => {
  await placeFound(root, [['a.py', 'E1', 4]]);
  expect(await run()).toHaveLength(1);
  expect(
    await check.run({ ...aSuite({}), root, thorough: false }, { command, known: 'known.json', seconds: 60 }),
  ).toEqual([]);
});

test.each([
  ['a program that does not exist', { command: ['no-such-linter-anywhere'] }, /no-such-linter-anywhere/],
  ['no command', { command: [] }, /names no command/],
  [
    'another output',
    { command: [process.execPath, '-e', 'console.error("no config"); process.exit(2)'] },
    /no config/,
  ],
  [
    'one that does not end',
    { command: [process.execPath, '-e', 'setInterval(() => {}, 1e6)'], seconds: 1 },
    /within 1 s/,
  ],
])('%s is a finding, never a pass', async (_, options, reason) => {
  const [finding, ...more] = await run(options);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    code: 'CX-LINT-FAILED',
    values: { reason: expect.stringMatching(reason) },
  });
});

test('a file of what is known that cannot be read is a finding', async () => {
  await placeFound(root, []);
  await know('{}');
  expect(await run()).toMatchObject([
    { code: 'CX-LINT-FAILED', values: { reason: expect.stringContaining('--update') } },
  ]);
});

test('no shell reads the command', async () => {
  await mkdir(path.join(root, 'kept'));
  await placeFound(root, []);
  const [program = '', file = ''] = command;
  expect(await run({ command: [program, file, '; rm -r kept'] })).toEqual([]);
  await mkdir(path.join(root, 'kept', 'still'));
});
