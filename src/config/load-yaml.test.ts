import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConstitutionError } from '../core/errors.ts';
import { loadYaml } from './load-yaml.ts';

const schema = z.strictObject({
  title: z.string(),
  limit: z.number().min(1).optional(),
  checks: z.array(
    z.union([
      z.strictObject({ uses: z.string(), with: z.record(z.string(), z.number()).optional() }),
      z.strictObject({ expect: z.string() }),
    ]),
  ),
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'load-yaml-'));
});
afterEach(() => rm(root, { recursive: true }));

async function load(content: string | Uint8Array) {
  const file = path.join(root, 'a.yaml');
  await writeFile(file, content);
  return loadYaml(file, schema, { root });
}

test('of a long line, what is near the place is shown', async () => {
  const { details, place } = await failure(`title: "${'a'.repeat(5000)}" ${'b'.repeat(5000)}\n`);
  const [shown = '', caret = ''] = String(details['excerpt']).split('\n');
  expect(shown.length).toBeLessThan(130);
  expect(place?.column).toBeGreaterThan(5000);
  expect(shown[caret.length - 1]).toBe('b');
});

test.each([
  ['a quote that is never closed', 'title: "open\nchecks: []\n\n\n', 'checks: []\n          ^'],
  ['an empty file', '', '\n^'],
])('%s is shown where the text ends', async (_what, content, excerpt) => {
  expect((await failure(content)).details['excerpt']).toBe(excerpt);
});

test('several documents in one file are told as that', async () => {
  const { message, place } = await failure('title: a\nchecks: []\n---\ntitle: b\nchecks: []\n');
  expect(message).toBe('the file holds more than one document');
  expect(place?.line).toBe(3);
});

async function failure(content: string | Uint8Array): Promise<ConstitutionError> {
  const error = await load(content).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConstitutionError);
  return error as ConstitutionError;
}

describe('loadYaml', () => {
  test('returns what the schema makes of the file', async () => {
    expect(await load('title: x\nchecks:\n  - uses: a\n    with: { n: 1 }\n')).toEqual({
      title: 'x',
      checks: [{ uses: 'a', with: { n: 1 } }],
    });
  });

  const bad: [string, string | Uint8Array, object][] = [
    [
      'an unknown key, with the nearest known one',
      'title: x\nlimt: 3\nchecks: []\n',
      {
        code: 'CX-CONFIG-INVALID',
        place: { file: 'a.yaml', line: 2, column: 1 },
        hint: 'Did you mean "limit"?',
      },
    ],
    [
      'an unknown key inside a branch of a union',
      'title: x\nchecks:\n  - uses: a\n    wiht: { n: 1 }\n',
      {
        code: 'CX-CONFIG-INVALID',
        place: { file: 'a.yaml', line: 4, column: 5 },
        hint: 'Did you mean "with"?',
      },
    ],
    [
      'a wrong type',
      'title: x\nlimit: many\nchecks: []\n',
      {
        code: 'CX-CONFIG-INVALID',
        place: { file: 'a.yaml', line: 2, column: 8 },
        hint: 'Expected a value of type number.',
      },
    ],
    [
      'a value out of range',
      'title: x\nlimit: 0\nchecks: []\n',
      {
        code: 'CX-CONFIG-INVALID',
        place: { file: 'a.yaml', line: 2, column: 8 },
        hint: 'Expected at least 1.',
      },
    ],
    [
      'a missing key, at its parent',
      'checks: []\n',
      { code: 'CX-CONFIG-INVALID', place: { file: 'a.yaml', line: 1, column: 1 } },
    ],
    [
      'broken YAML',
      'title: "x\nchecks: []\n',
      { code: 'CX-CONFIG-SYNTAX', place: { file: 'a.yaml', line: 2, column: 11 } },
    ],
    [
      'a tag that nobody knows',
      'title: !secret x\nchecks: []\n',
      { code: 'CX-CONFIG-SYNTAX', place: { file: 'a.yaml', line: 1, column: 8 }, message: /!secret/ },
    ],
    ['a repeated key', 'title: x\ntitle: y\nchecks: []\n', { code: 'CX-CONFIG-SYNTAX' }],
    [
      'text that is not UTF-8',
      new Uint8Array([0x74, 0xff, 0xfe]),
      { code: 'CX-CONFIG-SYNTAX', message: /UTF-8/ },
    ],
    [
      'an alias bomb',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n`,
      { code: 'CX-CONFIG-INVALID', message: /aliases/ },
    ],
    ['a huge file', `title: ${'x'.repeat(5 * 1024 * 1024)}`, { code: 'CX-CONFIG-INVALID', message: /bytes/ }],
  ];
  test.each(bad)('refuses %s', async (_name, content, expected) => {
    const error = await failure(content);
    const { message, ...rest } = expected as { message?: RegExp };
    expect(error).toMatchObject(rest);
    if (message) expect(error.message).toMatch(message);
  });

  test('shows the line with a caret', async () => {
    const error = await failure('title: x\nlimit: many\nchecks: []\n');
    expect(error.details['excerpt']).toBe('limit: many\n       ^');
  });

  test.each(['\t', '\u001b'])('shows the line without %j, which would move the caret', async (sign) => {
    const { details } = await failure(`title: x\r\n{ limit:${sign}many }\r\n`);
    expect(String(details['excerpt'])).not.toMatch(/[^\n -~]/);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a link to a device', () => symlink('/dev/zero', path.join(root, 'b.yaml'))],
    ['a folder', () => mkdir(path.join(root, 'b.yaml'))],
  ])('%s is no file, and is not waited for', async (_what, place) => {
    await place();
    await expect(loadYaml(path.join(root, 'b.yaml'), schema, { root })).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      message: 'the path is not a file',
      place: { file: 'b.yaml' },
    });
  });

  test('says that a file is missing', async () => {
    await expect(loadYaml(path.join(root, 'none.yaml'), schema, { root })).rejects.toMatchObject({
      code: 'CX-CONFIG-MISSING',
      place: { file: 'none.yaml' },
    });
  });
});
