import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countLint, goneLint, type KnownLint, newLint, readKnownLint } from './known.ts';
import type { LintReport } from './sarif.ts';

const report = (...violations: [file: string, rule: string, line: number][]): LintReport => ({
  tool: 'ruff',
  violations: violations.map(([file, rule, line]) => ({ file, rule, line })),
});
const known = (linters: KnownLint['linters']): KnownLint => ({ format: 1, linters });

describe('counts', () => {
  test('by file and rule, in order, whatever the lines', () => {
    const counted = countLint(
      report(['b.py', 'E1', 9], ['a.py', 'E2', 3], ['a.py', 'E1', 5], ['a.py', 'E2', 1]),
    );
    expect(JSON.stringify(counted)).toBe('{"a.py":{"E1":1,"E2":2},"b.py":{"E1":1}}');
  });

  test('a file may be named as what every object has', () => {
    expect(newLint(report(['constructor', 'toString', 1]), known({ ruff: {} }))).toMatchObject([
      { known: 0, count: 1 },
    ]);
  });
});

describe('what is new', () => {
  const before = known({ ruff: { 'a.py': { E1: 2 } }, other: { 'a.py': { E1: 9 } } });
  test.each([
    ['as many as are known, on other lines', report(['a.py', 'E1', 70], ['a.py', 'E1', 80]), []],
    ['fewer', report(['a.py', 'E1', 70]), []],
    ['one more', report(['a.py', 'E1', 1], ['a.py', 'E1', 2], ['a.py', 'E1', 3]), [['a.py', 'E1', 3, 2, 3]]],
    ['of another rule', report(['a.py', 'E2', 4]), [['a.py', 'E2', 1, 0, 4]]],
    ['in another file', report(['b.py', 'E1', 5]), [['b.py', 'E1', 1, 0, 5]]],
  ])('%s', (_, now, expected) => {
    const found = newLint(now, before).map((one) => [one.file, one.rule, one.count, one.known, one.line]);
    expect(found).toEqual(expected);
  });

  test('all, where nothing is known, and of a linter that is not', () => {
    expect(newLint(report(['a.py', 'E1', 1]), null)).toHaveLength(1);
    expect(newLint({ ...report(['a.py', 'E1', 1]), tool: 'biome' }, before)).toHaveLength(1);
  });

  test('what is gone is counted', () => {
    expect(goneLint(report(['a.py', 'E1', 1]), before)).toBe(1);
    expect(goneLint(report(), before)).toBe(2);
    expect(goneLint(report(['a.py', 'E1', 1], ['a.py', 'E1', 2], ['a.py', 'E1', 3]), before)).toBe(0);
    expect(goneLint(report(), null)).toBe(0);
  });
});

describe('the file of what is known', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'known-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is read; none is none', async () => {
    const file = path.join(folder, 'lint.json');
    expect(await readKnownLint(file)).toBeNull();
    await writeFile(file, JSON.stringify(known({ ruff: { 'a.py': { E1: 2 } } })));
    expect(await readKnownLint(file)).toEqual(known({ ruff: { 'a.py': { E1: 2 } } }));
  });

  test.each([
    'not JSON',
    '{}',
    '{"format":2,"linters":{}}',
    '{"format":1,"linters":[]}',
    '{"format":1,"linters":{"ruff":7}}',
    '{"format":1,"linters":{"ruff":{"a.py":{"E1":0}}}}',
    '{"format":1,"linters":{"ruff":{"a.py":{"E1":"2"}}}}',
  ])('%s is refused', async (text) => {
    const file = path.join(folder, 'lint.json');
    await writeFile(file, text);
    await expect(readKnownLint(file)).rejects.toThrow('lint --update');
  });
});
