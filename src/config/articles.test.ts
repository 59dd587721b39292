import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadArticles } from './articles.ts';

const checks = {
  limit: {
    description: 'keeps a limit',
    options: {
      max: { type: 'number', min: 1, description: '' },
      strict: { type: 'boolean', default: true, description: '' },
      level: { type: 'string', values: ['low', 'high'], default: 'low', description: '' },
      places: { type: 'globs', description: '' },
      reason: { type: 'pattern', description: '' },
      arms: { type: 'strings', default: ['candidate'], description: '' },
    },
  },
  plain: { description: 'has no options', options: {} },
} as const;
const declared = Object.fromEntries(
  Object.entries(checks).map(([name, check]) => [name, { ...check, codes: {} }]),
);
/** Stands for a type checker: what has a "?" in it is wrong there. */
const vocabulary = {
  checks: declared,
  checkPredicate: (text: string) =>
    text.includes('?') ? { message: 'unexpected character', offset: text.indexOf('?') } : null,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'articles-'));
});
afterEach(() => rm(root, { recursive: true }));

const write = (name: string, text: string) => writeFile(path.join(root, name), text);
const load = () => loadArticles(root, vocabulary, { root });
const article = (id: string, uses = 'checks: [{ uses: plain }]') => `id: ${id}\ntitle: T\nwhy: W\n${uses}\n`;

test('fills in defaults, in the order of the files', async () => {
  await write('b.yaml', article('B', 'checks: [{ uses: limit, with: { max: 3 } }]'));
  await write('a.yaml', article('A'));
  expect(await load()).toEqual([
    {
      id: 'A',
      title: 'T',
      why: 'W',
      severity: 'block',
      appliesTo: { files: [], projects: [], tags: [], names: [], roles: [] },
      checks: [{ uses: 'plain', with: {} }],
      waivers: [],
      source: 'a.yaml',
    },
    expect.objectContaining({
      id: 'B',
      checks: [{ uses: 'limit', with: { max: 3, strict: true, level: 'low', arms: ['candidate'] } }],
    }),
  ]);
});

test('a check without `with` has its defaults', async () => {
  await write('a.yaml', article('A', 'checks: [{ uses: limit }]'));
  expect((await load())[0]?.checks).toEqual([
    { uses: 'limit', with: { strict: true, level: 'low', arms: ['candidate'] } },
  ]);
});

test('predicates and waivers', async () => {
  const waiver = "{ test: 'a > b', reason: 'known', until: 2026-12-31 }";
  await write(
    'a.yaml',
    article('A', `checks: [{ expect: 'test.retries < 1', message: no retries }]\nwaivers: [${waiver}]`),
  );
  expect((await load())[0]).toMatchObject({
    checks: [{ expect: 'test.retries < 1', message: 'no retries' }],
    waivers: [{ test: 'a > b', reason: 'known', until: '2026-12-31' }],
  });
});

test('a predicate in a block is without the white space around it', async () => {
  await write('a.yaml', article('A', 'checks:\n  - expect: |\n      test.retries < 1\n    message: m'));
  expect((await load())[0]?.checks).toEqual([{ expect: 'test.retries < 1', message: 'm' }]);
});

test('no folder, no articles', async () => {
  expect(await loadArticles(path.join(root, 'none'), vocabulary, { root })).toEqual([]);
});

const bad: [string, string, object][] = [
  ['an unknown option', 'checks: [{ uses: limit, with: { maks: 3 } }]', { hint: 'Did you mean "max"?' }],
  [
    'an option that only another check has',
    'checks: [{ uses: plain, with: { max: 3 } }]',
    { message: 'unknown key "max" in checks.0.with', hint: 'Nothing is known here.' },
  ],
  ['an option out of range', 'checks: [{ uses: limit, with: { max: 0 } }]', { hint: 'Expected at least 1.' }],
  [
    'an unknown check',
    'checks: [{ uses: limitt }]',
    {
      place: { file: 'a.yaml', line: 4, column: 18 },
      message: 'checks.0.uses: unknown value "limitt"',
      hint: 'Did you mean "limit"?',
    },
  ],
  [
    'a check that is like none',
    'checks: [{ uses: everything }]',
    { message: expect.stringContaining('"everything"'), hint: 'Known here: limit, plain.' },
  ],
  [
    'a predicate that is wrong, with the place in it',
    "checks: [{ expect: 'test.retries < ?', message: m }]",
    {
      place: { file: 'a.yaml', line: 4, column: 36 },
      details: expect.objectContaining({ excerpt: expect.stringMatching(/\?.*\n {35}\^$/) }),
      message: 'checks.0.expect: unexpected character',
      hint: expect.stringContaining('CEL'),
    },
  ],
  [
    'a predicate without a message',
    "checks: [{ expect: 'true', mesage: m }]",
    { hint: 'Did you mean "message"?' },
  ],
  ['a check that is both', 'checks: [{ uses: plain, expect: "true" }]', { code: 'CX-CONFIG-INVALID' }],
  [
    'a waiver without a day',
    'checks: [{ uses: plain }]\nwaivers: [{ test: a, reason: b, until: soon }]',
    {
      message: expect.stringContaining('waivers.0.until'),
      hint: 'Expected a day that there is, as YYYY-MM-DD.',
    },
  ],
  ['no check', 'checks: []', { code: 'CX-CONFIG-INVALID' }],
  [
    'a broken regular expression',
    'checks: [{ uses: plain }]\nappliesTo: { names: ["("] }',
    { message: expect.stringContaining('not a regular'), hint: 'JavaScript says: Unterminated group.' },
  ],
  [
    'a glob that no regular expression is made of',
    `checks: [{ uses: plain }]\nappliesTo: { files: ["${'a'.repeat(5000)}"] }`,
    { message: expect.stringContaining('appliesTo.files.0'), hint: 'Expected at most 4096.' },
  ],
  [
    'a regular expression that would hang the run',
    'checks: [{ uses: plain }]\nappliesTo: { names: ["^(a+)+$"] }',
    { message: 'appliesTo.names.0: a regular expression that some texts hang' },
  ],
  [
    'a broken regular expression of a check',
    'checks: [{ uses: limit, with: { reason: "[" } }]',
    {
      message: 'checks.0.with.reason: not a regular expression',
      place: { file: 'a.yaml', line: 4, column: 41 },
    },
  ],
  ...[
    'appliesTo: { files: ["!src/gen/**"] }\nchecks: [{ uses: plain }]',
    'checks: [{ uses: limit, with: { places: ["!a", "!b"] } }]',
  ].map((rest): [string, string, object] => [
    `globs that only take away: ${rest}`,
    rest,
    { message: expect.stringContaining('none chooses anything'), hint: expect.stringContaining('"**"') },
  ]),
  [
    'an unknown severity',
    'severity: fatal\nchecks: [{ uses: plain }]',
    { hint: 'Expected one of block, warn.' },
  ],
];
test.each(bad)('refuses %s', async (_name, uses, expected) => {
  await write('a.yaml', article('A', uses));
  await expect(load()).rejects.toMatchObject({ code: 'CX-CONFIG-INVALID', ...expected });
});

test.each<[string, string, number, number]>([
  ['plain', ' test.retries <\n      ? 1', 6, 7],
  ['plain, with white space', '   test.x ?', 5, 22],
  ['in single quotes', " 'test.name != ''?'''", 5, 29],
  ['in double quotes', ' "test.name == \\"a\\" \\u0026 \\n ?"', 5, 43],
  ['as a block', ' |- # kept\n      test.retries < 1 &&\n\n        test.name ?', 8, 19],
  ['as a folded block', ' >2\n        test.retries\n        < ?\n', 7, 11],
  ['as a block with an anchor', ' &it |\n      a\n      ?', 7, 7],
])('shows where a predicate %s is wrong', async (_form, expression, line, column) => {
  await write('a.yaml', article('A', `checks:\n  - expect:${expression}\n    message: m`));
  const error = await load().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: 'checks.0.expect: unexpected character', place: { line, column } });
  const { details } = error as { details: { excerpt: string } };
  const [shown = '', caret = ''] = details.excerpt.split('\n');
  expect(shown[caret.indexOf('^')]).toBe('?');
});

test('an expression that ends too soon is wrong after its last sign', async () => {
  const without = {
    ...vocabulary,
    checkPredicate: (text: string) => ({ message: 'ends', offset: text.length }),
  };
  await write('a.yaml', article('A', "checks: [{ expect: 'a <  ', message: m }]"));
  await expect(loadArticles(root, without, { root })).rejects.toMatchObject({
    place: { line: 4, column: 24 },
  });
});

test('refuses an id that is used twice', async () => {
  await write('a.yaml', article('A'));
  await write('b.yaml', `# the same again\n${article('A')}`);
  await expect(load()).rejects.toMatchObject({
    code: 'CX-CONFIG-INVALID',
    place: { file: 'b.yaml', line: 2, column: 5 },
    details: { excerpt: 'id: A\n    ^' },
  });
});

test('refuses more articles than anybody writes', async () => {
  await Promise.all(Array.from({ length: 1001 }, (_, n) => write(`${n}.yaml`, '')));
  await expect(load()).rejects.toMatchObject({
    code: 'CX-CONFIG-INVALID',
    message: 'there are 1001 articles, allowed are 1000',
  });
});
