import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { splitOf } from '../core/seeded-bug.ts';
import { loadSeededBugs } from './bugs.ts';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

test('a split depends on the id alone, and takes the stated shares', () => {
  const splits = Array.from({ length: 4000 }, (_, i) => splitOf(`bug-${i}`));
  const share = (split: string) => splits.filter((found) => found === split).length / splits.length;
  expect(share('train')).toBeCloseTo(0.25, 1);
  expect(share('validation')).toBeCloseTo(0.15, 1);
  // Golden: tuning was done under this assignment, so it must never move.
  expect([splitOf('countdown'), splitOf('sum-to-n')]).toEqual(['train', 'test']);
});

describe('a folder', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'bugs-'));
    for (const bug of ['coder/countdown', 'planner/garden']) {
      await cp(path.join(repository, 'seeded-bugs', bug), path.join(root, 'seeded-bugs', bug), {
        recursive: true,
      });
    }
  });
  afterEach(() => rm(root, { recursive: true }));
  const edit = async (file: string, change: (text: string) => string) => {
    const full = path.join(root, 'seeded-bugs', file);
    await writeFile(full, change(await readFile(full, 'utf8')));
  };

  test('becomes a bug', async () => {
    const [countdown, garden] = await loadSeededBugs(root);
    expect(countdown).toMatchObject({
      id: 'countdown',
      role: 'coder',
      kind: 'off-by-one',
      split: 'train',
      folder: 'seeded-bugs/coder/countdown',
      visible: {
        entry: 'countdown',
        examples: [{ call: 'countdown(3)', expect: '[3, 2, 1]' }, { expect: '[]' }],
      },
    });
    expect(garden?.visible).toMatchObject({
      tasks: ['water', 'plant', 'dig'],
      plan: ['water', 'dig', 'plant'],
    });
  });

  test('has another hash when any of its files changes', async () => {
    const before = await loadSeededBugs(root);
    await edit('coder/countdown/hidden_tests.yaml', (text) => `# reviewed\n${text}`);
    const after = await loadSeededBugs(root);
    expect(after[0]?.sha256).not.toBe(before[0]?.sha256);
    expect(after[1]?.sha256).toBe(before[1]?.sha256);
  });

  test('is chosen by role, id, or both', async () => {
    const ids = async (selection: object) => (await loadSeededBugs(root, selection)).map((bug) => bug.id);
    expect(await ids({ role: 'planner' })).toEqual(['garden']);
    expect(await ids({ ids: ['countdown'] })).toEqual(['countdown']);
    expect(await ids({ ids: ['planner/garden'] })).toEqual(['garden']);
    await expect(ids({ ids: ['coder/countdwon'] })).rejects.toMatchObject({
      code: 'CX-CONFIG-REFERENCE',
      hint: 'Did you mean "coder/countdown"?',
    });
  });

  test('numbers and truth values of YAML become Python', async () => {
    await edit('coder/countdown/bug.yaml', (text) => text.replace(/expect: '\[\]'/, 'expect: true'));
    const [bug] = await loadSeededBugs(root);
    expect(bug?.visible['examples']).toMatchObject([{}, { expect: 'True' }]);
  });

  const wrong: [string, string, (text: string) => string, object][] = [
    [
      'an unknown key',
      'coder/countdown/bug.yaml',
      (text) => text.replace('difficulty', 'dificulty'),
      { code: 'CX-CONFIG-INVALID', place: { file: 'seeded-bugs/coder/countdown/bug.yaml', line: 2 } },
    ],
    [
      'an expected list that is not quoted',
      'coder/countdown/bug.yaml',
      (text) => text.replace("'[3, 2, 1]'", '[3, 2, 1]'),
      { code: 'CX-CONFIG-INVALID' },
    ],
    [
      'one visible example only',
      'coder/countdown/bug.yaml',
      (text) => text.slice(0, text.indexOf('  - call: countdown(0)')),
      { code: 'CX-CONFIG-INVALID', message: expect.stringContaining('examples') },
    ],
    [
      'too few hidden tests',
      'coder/countdown/hidden_tests.yaml',
      (text) => text.split('\n').slice(0, 8).join('\n'),
      { code: 'CX-CONFIG-INVALID', hint: 'Expected at least 5.' },
    ],
    [
      'a fix of another function',
      'coder/countdown/fixed.py',
      (text) => text.replace('def countdown', 'def count_down'),
      { code: 'CX-CONFIG-INVALID', place: { file: 'seeded-bugs/coder/countdown/fixed.py' } },
    ],
    [
      'a bug of another function',
      'coder/countdown/buggy.py',
      (text) => text.replace('def countdown', 'def count_down'),
      { code: 'CX-CONFIG-INVALID', place: { file: 'seeded-bugs/coder/countdown/buggy.py' } },
    ],
    [
      'a line that is not there',
      'coder/countdown/bug.yaml',
      (text) => text.replace('line: 3', 'line: 30'),
      { code: 'CX-CONFIG-INVALID', message: 'line: buggy.py has no line 30' },
    ],
    [
      'a dependency of no task',
      'planner/garden/hidden_tests.yaml',
      (text) => text.replace('dig', 'digg'),
      { code: 'CX-CONFIG-INVALID', hint: 'Did you mean "dig"?' },
    ],
    ...[
      'resources: [{ resource: spade, order: [dig, plan] }]',
      'deadlines: [{ task: dig, before: plan }]',
      'withdrawn: [[plan, dig]]',
    ].map((stated): [string, string, (text: string) => string, object] => [
      `no task in ${stated}`,
      'planner/garden/hidden_tests.yaml',
      (text) => `${text}${stated}\n`,
      {
        code: 'CX-CONFIG-INVALID',
        message: expect.stringContaining(`${stated.split(':')[0]}: "plan" is none`),
      },
    ]),
  ];
  test.each(wrong)('refuses %s', async (_name, file, change, expected) => {
    await edit(file, change);
    await expect(loadSeededBugs(root)).rejects.toMatchObject(expected);
  });

  test.each(['coder/countdown', 'planner/garden'])('%s misses each of its files', async (bug) => {
    const folder = path.join(root, 'seeded-bugs', bug);
    for (const file of await readdir(folder)) {
      const text = await readFile(path.join(folder, file));
      await rm(path.join(folder, file));
      await expect(loadSeededBugs(root)).rejects.toMatchObject({
        code: 'CX-CONFIG-MISSING',
        place: { file: `seeded-bugs/${bug}/${file}` },
      });
      await writeFile(path.join(folder, file), text);
    }
  });

  test('needs a name that can be an id', async () => {
    await cp(
      path.join(root, 'seeded-bugs/coder/countdown'),
      path.join(root, 'seeded-bugs/coder/Count Down'),
      {
        recursive: true,
      },
    );
    await expect(loadSeededBugs(root)).rejects.toMatchObject({ code: 'CX-CONFIG-INVALID' });
  });
});

test('a project without seeded bugs has none', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'bugs-'));
  expect(await loadSeededBugs(root)).toEqual([]);
  await rm(root, { recursive: true });
});
