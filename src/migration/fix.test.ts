import { chmod, cp, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { compareVersions } from '../core/python-version.ts';
import { compareVersions as compareApisOf } from './compare.ts';
import { type FixedFile, fixFiles, writeFixed } from './fix.ts';
import { type ScannedFile, Scanner } from './scan.ts';
import { MENDED } from './testdata/mended.ts';

const TEAM = path.join(packageRoot(), 'src/migration/testdata/team');

let scanner: Scanner;
let folder: string;
/** Python before 3.12 does not know where a part of an f-string stands. */
let knowsPlaces: boolean;

beforeAll(async () => {
  const { signal } = new AbortController();
  const versions = { root: packageRoot(), from: '2.6.27', to: '3.0.1' };
  const comparison = await compareApisOf({ ...versions, signal, note: () => {} });
  scanner = new Scanner(comparison, { signal });
  knowsPlaces = compareVersions(comparison.environment.pythonVersion, '3.12') >= 0;
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fix-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function scanText(text: string) {
  await writeFile(path.join(folder, 'a.py'), text);
  const { base, files } = await scanner.scan(folder);
  return { base, file: files[0] };
}

async function fixFile(scans: Pick<Scanner, 'scanTexts'>, base: string, file: ScannedFile) {
  const [made] = await fixFiles(scans, base, [file]);
  return made ?? null;
}

async function fixText(text: string) {
  const { base, file } = await scanText(text);
  return file === undefined ? null : fixFile(scanner, base, file);
}

/** The text that a fix makes of another one, as it is written. */
async function mendedText(text: string): Promise<string> {
  const fixed = (await fixText(text)) as FixedFile;
  expect(await writeFixed(folder, fixed)).toBe(true);
  return readFile(path.join(folder, 'a.py'), 'utf8');
}

describe('a fix', () => {
  test.each(MENDED)('mends %s', async (_what, before, after) => {
    expect(await mendedText(before)).toBe(after);
    expect((await scanText(after)).file).toBeUndefined();
  });

  test.each([
    ['what needs a person', 'import dspy\ndspy.Assert(True)\n'],
    ['a value that is computed', 'import dspy\ndspy.configure(bypass_assert=start(), lm=None)\n'],
    [
      'an argument with a comment before its comma',
      'import dspy\ndspy.configure(bypass_assert=True  # why\n    , lm=None)\n',
    ],
    ['a name in a text', 'import dspy\ngetattr(dspy, "Program")\n'],
    ['an import from a module that is written in parts', 'from dspy . primitives import Program\n'],
    ['an import of what is nowhere else', 'from dspy.retrieve.faiss_rm import FaissRM\n'],
    ['a module', 'from dspy.primitives import program\n'],
  ])('leaves %s', async (_what, before) => {
    expect((await scanText(before)).file?.findings).toHaveLength(1);
    expect(await fixText(before)).toBeNull();
  });

  test('leaves an import of several names from a module that is gone', async () => {
    const { file } = await scanText('from dspy.primitives.program import Module, Program\n');
    expect(file?.findings.map(({ edits }) => edits)).toEqual([[], []]);
  });

  test('does not rewrite what Python may misplace', async () => {
    const { file } = await scanText('import dspy\nx = f"""\n{dspy.Program}"""\n');
    expect(file?.findings.map(({ edits }) => edits.length)).toEqual([knowsPlaces ? 1 : 0]);
  });

  test('refuses a file that is another one by now', async () => {
    const { base, file } = await scanText('import dspy\ndspy.Program\n');
    await writeFile(path.join(folder, 'a.py'), '# new\nimport dspy\ndspy.Program\n');
    expect(await fixFile(scanner, base, file as ScannedFile)).toMatchObject({
      refused: 'it was changed meanwhile',
    });
    await rm(path.join(folder, 'a.py'));
    expect(await fixFile(scanner, base, file as ScannedFile)).toMatchObject({
      refused: 'it cannot be read any more',
    });
    const fixed = (await fixText('import dspy\ndspy.Program\n')) as FixedFile;
    await writeFile(path.join(folder, 'a.py'), 'other\n');
    expect(await writeFixed(folder, fixed)).toBe(false);
    expect(await readFile(path.join(folder, 'a.py'), 'utf8')).toBe('other\n');
  });

  test.each([
    [{ code: 'CX-MIGRATION-UNREADABLE', message: 'no Python', line: 1 }, 'it would be no program: no Python'],
    [null, 'something else would be found then'],
  ] as const)('refuses a text that is worse then', async (fault, refused) => {
    const { base, file } = await scanText('import dspy\ndspy.Program\n');
    const first = file as ScannedFile;
    const findings = [...first.findings, ...first.findings];
    const worse = {
      scanTexts: async (_: string, texts: Readonly<Record<string, string>>) =>
        Object.values(texts).map((text) => (text.includes('Module') ? { ...first, fault, findings } : first)),
    };
    expect(await fixFile(worse, base, first)).toEqual({ file: 'a.py', refused });
  });

  test('mends what a file takes from another one', async () => {
    await writeFile(path.join(folder, 'model.py'), 'import dspy as library\n');
    const text = 'from model import library\nlibrary.configure(bypass_assert=True)\nlibrary.Program\n';
    expect(await mendedText(text)).toBe('from model import library\nlibrary.configure()\nlibrary.Module\n');
  });

  test('keeps permissions, and the link that leads to a file', async () => {
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'fix-'));
    const [script, link] = [path.join(elsewhere, 'script.py'), path.join(folder, 'link.py')];
    await writeFile(script, '#!/usr/bin/env python\nimport dspy\ndspy.Program\n');
    await chmod(script, 0o755);
    await symlink(script, link);
    const { base, files } = await scanner.scan(folder);
    await writeFixed(base, (await fixFile(scanner, base, files[0] as ScannedFile)) as FixedFile);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await stat(script)).mode & 0o777).toBe(0o755);
    expect(await readFile(script, 'utf8')).toContain('dspy.Module');
    await rm(elsewhere, { recursive: true });
  });

  test('mends a whole tree once, and what is left is found again', async () => {
    await cp(TEAM, folder, { recursive: true });
    const { base, files } = await scanner.scan(folder);
    let mended = 0;
    for (const fixed of await fixFiles(scanner, base, files)) {
      if (fixed === null || 'refused' in fixed) continue;
      mended += fixed.mended;
      await writeFixed(base, fixed);
    }
    const count = (rows: typeof files) => rows.reduce((sum, { findings }) => sum + findings.length, 0);
    const again = await scanner.scan(folder);
    expect(mended).toBeGreaterThan(10);
    expect(count(again.files)).toBe(count(files) - mended);
  });
});
