import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { runCommand } from '../test-support.ts';

const PAGE = 'docs/migration-2.6.27-3.0.1.md';
const SCHEMAS = ['--schemas', 'fixtures/reference_system/schema-differences.yaml'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'page-'));
});
afterEach(() => rm(folder, { recursive: true }));

const report = (...argv: string[]) =>
  runCommand(packageRoot(), ['migration-report', '--quiet', ...SCHEMAS, ...argv]);

test("this repository's own page is current", async () => {
  expect(await report('--check')).toEqual({ exitCode: 0, stdout: `${PAGE} is current\n`, stderr: '' });
});

test('a page that says something else is not current, and is written anew', async () => {
  const out = path.join(folder, 'page.md');
  const ask = (...argv: string[]) => report('--out', path.relative(packageRoot(), out), ...argv);
  expect(await ask('--check')).toMatchObject({ exitCode: 1 });
  await cp(path.join(packageRoot(), PAGE), out);
  expect(await ask('--check')).toMatchObject({ exitCode: 0 });
  await writeFile(out, (await readFile(out, 'utf8')).replace('3.0.1', '3.0.2'));
  expect(JSON.parse((await ask('--check', '--json')).stdout)).toMatchObject({ current: false });
  expect(await ask()).toMatchObject({ exitCode: 0 });
  expect(await readFile(out, 'utf8')).toBe(await readFile(path.join(packageRoot(), PAGE), 'utf8'));
});

test('a file that cannot be read is no file without uses', async () => {
  const broken = path.join(folder, 'broken.py');
  await writeFile(broken, 'def');
  const { exitCode, stderr } = await report('--check', '--scan', path.relative(packageRoot(), broken));
  expect(exitCode).toBe(3);
  expect(stderr).toContain('CX-MIGRATION-UNREADABLE');
});
