import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../config/package-root.ts';
import { runCommand } from '../test-support.ts';

const SIGNATURES = 'reference.planner.signatures';
const schemaDiff = (...args: string[]) =>
  runCommand(packageRoot(), ['schema-diff', '2.6.27', '3.0.1', SIGNATURES, ...args, '--quiet']);

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'schema-diff-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('what differs is listed for a person to say why, and fails until then', async () => {
  const file = path.join(await temporaryFolder(), 'differences.yaml');
  const first = await schemaDiff('--write', file);
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toContain(`\`${SIGNATURES}.OrderTasks\``);

  const unexplained = await schemaDiff('--listed', file);
  expect(unexplained.exitCode).toBe(3);
  expect(unexplained.stderr).toContain('CX-CONFIG-INVALID');

  const { differences } = parse(await readFile(file, 'utf8'));
  const explained = differences.map((one: object) => ({ ...one, why: 'Looked at.' }));
  await writeFile(file, stringify({ differences: explained }));
  const again = await schemaDiff('--listed', file, '--write', file, '--json');
  expect(again.exitCode).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ unlisted: [], vanished: [] });
  expect(parse(await readFile(file, 'utf8')).differences).toEqual(explained);

  await writeFile(file, stringify({ differences: [...explained, { ...explained[0], diff: '- never' }] }));
  const vanished = await schemaDiff('--listed', file);
  expect([vanished.exitCode, vanished.stdout]).toEqual([1, expect.stringContaining('Listed, but not found')]);
});
