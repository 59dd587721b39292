import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { type Comparison, compareVersions } from './compare.ts';
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
  scanner = new Scanner(comparison, { signal });
});
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
    expect(read).toHaveLength(files.length);
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
    for (const [catching, guarded] of [
      ['', true],
      [' os.ImportError', false],
    ] as const)
      expect(await scanText(text.replace(' (ImportError, KeyError)', catching))).toMatchObject([{ guarded }]);
    const elsewhere = `import dspy
try:
    def later():
        return dspy.Program
    getattr(dspy, "Suggest")
except AttributeError:
    dspy.Assert
`;
    expect((await scanText(elsewhere)).map(({ subject, guarded }) => [subject, guarded])).toEqual([
      ['dspy.Program', false],
      ['dspy.Suggest', true],
      ['dspy.Assert', false],
    ]);
    const asked =
      'import dspy\nhasattr(dspy, "Assert"), getattr(dspy, "Assert"), getattr(dspy, "Assert", 1)\n';
    expect((await scanText(asked)).map(({ guarded }) => guarded)).toEqual([true, false, true]);
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
    const { files } = await scanner.scan(folder);
    const faults = Object.fromEntries(files.map(({ file, fault }) => [file, fault?.message ?? null]));
    expect(faults).toEqual({
      'binary.py': 'binary, not text',
      'broken.py': expect.stringContaining('never closed'),
      'deep.py': expect.stringContaining('too many nested parentheses'),
      'large.py': 'larger than 4 MiB',
      'latin.py': 'encoded as iso-8859-1: only UTF-8 can be read',
      loop: 'a link to a folder that it lies in',
      'not-utf8.py': expect.stringContaining('only UTF-8 can be read'),
      'zz.py': null,
    });
    expect(files.find(({ file }) => file === 'broken.py')?.fault).toMatchObject({
      code: 'CX-MIGRATION-UNREADABLE',
      line: 2,
    });
  });

  test('gives a file up that takes too long, and goes on', async () => {
    const hurried = new Scanner(comparison, {
      signal: new AbortController().signal,
      secondsPerFile: 0.02,
    });
    await writeFile(path.join(folder, 'a.py'), `import dspy\n${'x = dspy.Module\n'.repeat(50_000)}`);
    await writeFile(path.join(folder, 'b.py'), 'import dspy\ndspy.Program\n');
    const { files } = await hurried.scan(folder);
    expect(files).toMatchObject([
      { file: 'a.py', fault: { message: 'not understood within 0.02 s' } },
      { file: 'b.py', fault: null, findings: [{ subject: 'dspy.Program' }] },
    ]);
  });

  test('reads a class of thousands of attributes in a time that grows with them, not with their square', async () => {
    const lines = Array.from({ length: 8000 }, (_, n) => `    self.a${n} = make()\n        self.a${n}.b.c()`);
    const text = `import dspy\nclass A:\n    def f(self):\n    ${lines.join('\n    ')}\n`;
    await writeFile(path.join(folder, 'a.py'), text);
    expect((await scanner.scan(folder)).files).toEqual([]);
  });

  test('takes a name of several `import *` for one of the first', async () => {
    const text = 'from dspy import *\nfrom dspy.predict import *\nProgram\n';
    expect(await scanText(text)).toMatchObject([{ subject: 'dspy.Program', line: 3 }]);
  });

  test('reads a text with a byte order mark', async () => {
    expect(await scanText('\ufeffimport dspy; dspy.Program\n')).toMatchObject([{ line: 1, column: 14 }]);
  });

  test('tells calls that rely on a default that changed, where that is asked for', async () => {
    const all = new Scanner(comparison, { signal: new AbortController().signal, defaults: true });
    const calls = ['', 'max_errors=5', '**rest'].map((given) => `dspy.Evaluate(devset=[], ${given})\n`);
    await writeFile(path.join(folder, 'a.py'), `import dspy\n${calls.join('')}`);
    const { files } = await all.scan(folder);
    expect(files[0]?.findings).toMatchObject([
      { code: 'CX-MIGRATION-DEFAULT', subject: 'dspy.Evaluate(max_errors)', line: 2 },
    ]);
    expect((await scanner.scan(folder)).files).toEqual([]);
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
    expect(await scanner.scan(folder)).toMatchObject({ read: [], files: [] });
  });
});
