import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { type Comparison, compareVersions } from './compare.ts';
import { fixFile, writeFixed } from './fix.ts';
import { Scanner } from './scan.ts';

/** Lines that end in `# !! <subject> …` use what changed, all others do not; `# ok` marks those that look like it. */
const TEAM = path.join(packageRoot(), 'src/migration/testdata/team');

let comparison: Comparison;
let scanner: Scanner;
let folder: string;

beforeAll(async () => {
  const { signal } = new AbortController();
  comparison = await compareVersions({
    root: packageRoot(),
    from: '2.6.27',
    to: '3.0.1',
    signal,
    note: () => {},
  });
  scanner = new Scanner(comparison, signal);
}, 120_000);
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function pythonFiles(): Promise<string[]> {
  const names = await readdir(TEAM, { recursive: true });
  return names.filter((name) => name.endsWith('.py')).sort();
}

/** What a file's marks say: `<file>:<line> <subject>`. */
async function planted(file: string): Promise<string[]> {
  const lines = (await readFile(path.join(TEAM, file), 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    const subjects = /# !! (.*)$/.exec(line)?.[1]?.trim().split(' ') ?? [];
    return subjects.map((subject) => `${file}:${index + 1} ${subject}`);
  });
}

async function scanText(text: string) {
  await writeFile(path.join(folder, 'a.py'), text);
  const { files } = await scanner.scan(folder);
  return files[0]?.findings ?? [];
}

async function fixText(text: string): Promise<string | null> {
  await writeFile(path.join(folder, 'a.py'), text);
  const { base, files } = await scanner.scan(folder);
  const fixed = files[0] ? await fixFile(scanner, base, files[0]) : null;
  if (fixed) await writeFixed(base, fixed);
  return fixed === null ? null : readFile(path.join(folder, 'a.py'), 'utf8');
}

describe('a scan', () => {
  test('finds every use of what changed, at its line, and nothing else', async () => {
    const files = await pythonFiles();
    const wanted = (await Promise.all(files.map(planted))).flat();
    expect(wanted.length).toBeGreaterThanOrEqual(60);
    const decoys = await Promise.all(files.map((file) => readFile(path.join(TEAM, file), 'utf8')));
    expect(decoys.join('').match(/# ok$/gm)?.length).toBeGreaterThanOrEqual(60);
    const { read, files: found } = await scanner.scan(TEAM);
    const seen = found.flatMap(({ file, findings }) =>
      findings.map(({ line, subject }) => `${file}:${line} ${subject}`),
    );
    expect(read).toBe(files.length);
    expect(seen.sort()).toEqual(wanted.sort());
  });

  test('says what changed and what to do, at the column in characters', async () => {
    const [finding] = await scanText('import dspy\nx = ("é", dspy.Program)\n');
    expect(finding).toMatchObject({
      subject: 'dspy.Program',
      line: 2,
      column: 11,
      change: 'The old name of `dspy.Module` is gone.',
      advice: 'Use `dspy.Module`; it is the same class.',
      guarded: false,
    });
  });

  test('tells a use that reckons with an error from others', async () => {
    const text = 'try:\n    from dspy import Assert\nexcept (ImportError, KeyError):\n    pass\n';
    expect((await scanText(text)).map(({ guarded }) => guarded)).toEqual([true]);
    const other = text.replace('ImportError', 'OSError');
    expect((await scanText(other)).map(({ guarded }) => guarded)).toEqual([false]);
  });

  test('goes on after what cannot be read, and says why', async () => {
    const write = (name: string, data: string | Buffer) => writeFile(path.join(folder, name), data);
    await write('broken.py', 'import dspy\nx = (\n');
    await write('binary.py', Buffer.from('import dspy\0'));
    await write('latin.py', Buffer.from('# -*- coding: latin-1 -*-\nname = "\xe9"\n', 'latin1'));
    await write('not-utf8.py', Buffer.from('name = "\xe9"\n', 'latin1'));
    await write('large.py', `import dspy\n${'#'.repeat(5 * 1024 * 1024)}`);
    await write('deep.py', `import dspy\nx = ${'('.repeat(5000)}${')'.repeat(5000)}\n`);
    await write('zz.py', 'import dspy\ndspy.Program\n');
    await symlink(folder, path.join(folder, 'loop'));
    await symlink('nowhere.py', path.join(folder, 'dangling.py'));
    const { files } = await scanner.scan(folder);
    const faults = Object.fromEntries(files.map(({ file, fault }) => [file, fault?.message ?? null]));
    expect(faults).toEqual({
      'binary.py': 'binary, not text',
      'broken.py': expect.stringContaining('never closed'),
      'deep.py': expect.stringContaining('too many nested parentheses'),
      'large.py': 'larger than 4 MiB',
      'latin.py': 'encoded as iso-8859-1: only UTF-8 can be read',
      'not-utf8.py': expect.stringContaining('only UTF-8 can be read'),
      'zz.py': null,
    });
    expect(files.find(({ file }) => file === 'broken.py')?.fault?.line).toBe(2);
  });

  test('executes nothing of what it reads', async () => {
    const mark = path.join(folder, 'mark');
    await scanText(`import dspy\nopen(${JSON.stringify(mark)}, "w")\ndspy.Program\n`);
    expect(await readdir(folder)).toEqual(['a.py']);
  });

  test('reads one file, and says where there is nothing', async () => {
    const { base, files } = await scanner.scan(path.join(TEAM, 'calls.py'));
    expect([base, files.map(({ file }) => file)]).toEqual([TEAM, ['calls.py']]);
    await expect(scanner.scan(path.join(folder, 'none'))).rejects.toMatchObject({
      code: 'CX-CONFIG-MISSING',
    });
  });

  test('leaves out what others wrote', async () => {
    for (const name of ['.venv/lib', 'node_modules/x', '__pycache__']) {
      await mkdir(path.join(folder, name), { recursive: true });
      await writeFile(path.join(folder, name, 'a.py'), 'import dspy.retrieve\n');
    }
    expect(await scanner.scan(folder)).toMatchObject({ read: 0, files: [] });
  });
});

describe('a fix', () => {
  test.each([
    ['a name', 'import dspy as d\nclass A(d.Program): pass\n', 'import dspy as d\nclass A(d.Module): pass\n'],
    [
      'an import, whose name stays',
      'from dspy import Program, Predict\nProgram\n',
      'from dspy import Module as Program, Predict\nProgram\n',
    ],
    [
      'an import under another name',
      'from dspy import (\n    Program as P,  # base\n)\n',
      'from dspy import (\n    Module as P,  # base\n)\n',
    ],
    [
      'behind letters of more bytes',
      'import dspy\n"é😀"; dspy.Program\n',
      'import dspy\n"é😀"; dspy.Module\n',
    ],
    ['with other line ends', 'import dspy\r\ndspy.Program\r\n', 'import dspy\r\ndspy.Module\r\n'],
    [
      'the only argument',
      'import dspy\ndspy.configure(bypass_assert=True)\n',
      'import dspy\ndspy.configure()\n',
    ],
    [
      'the first argument',
      'import dspy\ndspy.configure(bypass_assert=True, lm=None)\n',
      'import dspy\ndspy.configure(lm=None)\n',
    ],
    [
      'the last argument',
      'import dspy\ndspy.configure(lm=None, bypass_assert=True)\n',
      'import dspy\ndspy.configure(lm=None)\n',
    ],
    [
      'an argument before others that are unpacked',
      'import dspy\ndspy.configure(bypass_assert=True, **rest)\n',
      'import dspy\ndspy.configure(**rest)\n',
    ],
    [
      'all of a file',
      'import dspy\ndspy.configure(bypass_assert=True)\nclass A(dspy.Program): pass\n',
      'import dspy\ndspy.configure()\nclass A(dspy.Module): pass\n',
    ],
  ])('mends %s', async (_what, before, after) => {
    expect(await fixText(before)).toBe(after);
    expect(await scanText(after)).toEqual([]);
  });

  test.each([
    ['what needs a person', 'import dspy\ndspy.Assert(True)\n'],
    ['a name in a text', 'import dspy\ngetattr(dspy, "Program")\n'],
    ['an import from a module that is gone', 'from dspy.primitives.program import Program\n'],
  ])('leaves %s', async (_what, before) => {
    expect(await scanText(before)).toHaveLength(1);
    expect(await fixText(before)).toBeNull();
  });

  test('mends a whole tree once, and what is left is found again', async () => {
    await cp(TEAM, folder, { recursive: true });
    const { base, files } = await scanner.scan(folder);
    let mended = 0;
    for (const file of files) {
      const fixed = await fixFile(scanner, base, file);
      if (fixed === null) continue;
      mended += fixed.mended;
      await writeFixed(base, fixed);
    }
    const count = (rows: typeof files) => rows.reduce((sum, { findings }) => sum + findings.length, 0);
    const again = await scanner.scan(folder);
    expect(mended).toBeGreaterThan(10);
    expect(count(again.files)).toBe(count(files) - mended);
  });
});
