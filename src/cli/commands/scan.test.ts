import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { compareVersions } from '../../migration/compare.ts';
import type { FixedFile } from '../../migration/fix.ts';
import { Scanner } from '../../migration/scan.ts';
import { scanPaths } from '../../migration/scan-paths.ts';
import { runCommand } from '../test-support.ts';

const PROGRAM = 'import dspy\n\n\nclass Answerer(dspy.Program):\n    pass\n\n\ndspy.Assert(True)\n';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scan-'));
  file = path.join(folder, 'a.py');
  await writeFile(file, PROGRAM);
});
afterEach(() => rm(folder, { recursive: true }));

const scan = (...args: string[]) => runCommand(packageRoot(), ['scan', folder, '--quiet', ...args]);
const shown = () => path.relative(process.cwd(), file);

test('uses are listed with what to do, and their sum', async () => {
  const { exitCode, stdout } = await scan();
  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    [
      `${shown()}:4:16  CX-MIGRATION-MOVED  The old name of \`dspy.Module\` is gone.`,
      '  Use `dspy.Module`; it is the same class.',
      `${shown()}:8:1  CX-MIGRATION-REMOVED  DSPy has no assertions any more; they went with 2.6.`,
      '  Make the condition a reward of `dspy.Refine` or `dspy.BestOfN`.',
      '',
      '2 uses of what changed from 2.6.27 to 3.0.1 in 1 Python file; 1 of them --fix can mend.',
      '',
    ].join('\n'),
  );
});

test('a dry run prints the diff and changes nothing', async () => {
  const { exitCode, stdout } = await scan('--fix', '--dry-run');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('-class Answerer(dspy.Program):\n+class Answerer(dspy.Module):');
  expect(await readFile(file, 'utf8')).toBe(PROGRAM);
});

test('a fix leaves what needs a person, and is done where nothing does', async () => {
  const first = await scan('--fix');
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toMatch(
    /1 use of what changed from 2\.6\.27 to 3\.0\.1 in 1 Python file; 1 mended\.\n$/,
  );
  expect(await readFile(file, 'utf8')).toBe(PROGRAM.replace('Program', 'Module'));
  await writeFile(file, PROGRAM.replace('dspy.Assert(True)\n', ''));
  expect((await scan('--fix')).exitCode).toBe(0);
});

test('the diff is there before the file is another one', async () => {
  let atDiff: string | null = null;
  const { signal } = new AbortController();
  const options = { root: packageRoot(), from: '2.6.27', to: '3.0.1', signal, note: () => {} };
  const scanner = new Scanner(await compareVersions(options), { signal });
  const onFix = ({ before }: FixedFile) => {
    atDiff = readFileSync(file, 'utf8');
    expect(before).toBe(PROGRAM);
  };
  await scanPaths(scanner, { paths: [folder], fix: 'write', cwd: folder, onFix });
  expect(atDiff).toBe(PROGRAM);
  expect(await readFile(file, 'utf8')).not.toBe(PROGRAM);
});

test('machines read the diffs', async () => {
  const { stdout } = await scan('--fix', '--dry-run', '--json');
  const { diffs } = JSON.parse(stdout) as { diffs: { diff: string }[] };
  expect(diffs).toMatchObject([{ file: shown(), mended: 1 }]);
  expect(diffs[0]?.diff).toContain('-class Answerer(dspy.Program):\n+class Answerer(dspy.Module):');
  expect(JSON.parse((await scan('--json')).stdout)).toMatchObject({ diffs: [] });
});

test('machines read one document', async () => {
  const { stdout } = await scan('--json', '--from', '2.6.27', '--to', 'dspy-3.0.1');
  expect(JSON.parse(stdout)).toMatchObject({
    read: 1,
    from: '2.6.27',
    to: '3.0.1',
    mendable: 1,
    files: [
      { file: shown(), fault: null, findings: [{ subject: 'dspy.Program' }, { subject: 'dspy.Assert' }] },
    ],
  });
});

test('a tree without such uses passes; one that cannot be read does not', async () => {
  await writeFile(file, 'import dspy\ndspy.Module\n');
  expect((await scan()).exitCode).toBe(0);
  await writeFile(file, 'x = (\n');
  const { exitCode, stdout } = await scan();
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`${shown()}:1  CX-MIGRATION-UNREADABLE  not read: '(' was never closed`);
});

test('a dry run of nothing is refused', async () => {
  const { exitCode, stderr } = await scan('--dry-run');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('CX-USAGE');
});

test('code-scanning views read SARIF', async () => {
  await writeFile(path.join(folder, 'b.py'), 'x = (\n');
  const { exitCode, stdout } = await scan('--sarif');
  expect(exitCode).toBe(1);
  const [run] = JSON.parse(stdout).runs;
  expect(run.columnKind).toBe('unicodeCodePoints');
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    'CX-MIGRATION-MOVED',
    'CX-MIGRATION-REMOVED',
    'CX-MIGRATION-UNREADABLE',
  ]);
  expect(run.results).toMatchObject([
    {
      ruleId: 'CX-MIGRATION-MOVED',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'The old name of `dspy.Module` is gone. Use `dspy.Module`; it is the same class.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: shown() },
            region: { startLine: 4, startColumn: 16 },
          },
        },
      ],
    },
    { ruleId: 'CX-MIGRATION-REMOVED', ruleIndex: 1 },
    { ruleId: 'CX-MIGRATION-UNREADABLE', ruleIndex: 2 },
  ]);
});

test('a file that several paths lead to is read and mended once', async () => {
  const { stdout } = await runCommand(packageRoot(), ['scan', folder, file, folder, '--fix', '--quiet']);
  expect(stdout).toMatch(/1 use of what changed from .* in 1 Python file; 1 mended\.\n$/);
  expect(stdout.match(/^\+class/gm)).toHaveLength(1);
});
