import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand } from '../test-support.ts';

const BUGS = ['coder/lookup-price', 'planner/garden'];
let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeAll(async () => {
  project = await copyGateProject(BUGS);
});
afterAll(() => project.remove());

const inProject = (name: string) => path.join(project.root, name);
const run = (...argv: string[]) => runCommand(project.root, argv);

describe('bugs list', () => {
  test('as a table and as JSON, narrowed by role, kind and split', async () => {
    const { exitCode, stdout } = await run('bugs', 'list');
    expect(exitCode).toBe(0);
    for (const bug of BUGS) expect(stdout).toContain(bug.split('/')[1]);
    const list = async (...argv: string[]) =>
      JSON.parse((await run('bugs', 'list', '--json', ...argv)).stdout);
    const rows = await list();
    expect(rows.map(({ bug }: { bug: string }) => bug)).toEqual(BUGS);
    expect(await list('--role', 'planner')).toEqual([rows[1]]);
    expect(await list('--kind', rows[0].kind, '--role', 'coder')).toEqual([rows[0]]);
    expect(await list('--split', rows[0].split === 'test' ? 'train' : 'test', '--role', 'coder')).toEqual([]);
  });

  test('a bug that cannot be read is a row, and exit code 3', async () => {
    await mkdir(inProject('others/coder/torn'), { recursive: true });
    await writeFile(inProject('others/coder/torn/bug.yaml'), 'title: [');
    const { exitCode, stdout } = await run('bugs', 'list', '--json', '--dir', inProject('others'));
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ bug: 'coder/torn', kind: null, sha256: null, error: expect.anything() }),
    ]);
  });
});

test('bugs verify proves what is named, and says what is not proven', async () => {
  // The project is this file's own, and no later test asks for this bug.
  const folder = inProject('seeded-bugs/planner/garden');
  await copyFile(path.join(folder, 'buggy.yaml'), path.join(folder, 'fixed.yaml'));
  const { exitCode, stdout } = await run('bugs', 'verify', 'garden', 'coder/lookup-price');
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^✗ planner\/garden\n {4}CX-[A-Z-]+ /);
  expect(stdout).toMatch(/^1 seeded bug proven, 1 not; \d+ recordings? searched/m);
});

test('bugs import makes a bug of a program and its fix, and lists why others are none', async () => {
  const benchmark = 'benchmark';
  const write = async (name: string, text: string) => {
    const file = inProject(`${benchmark}/${name}`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const largest = (sign: string) => `def largest(values):
    best = values[0]
    for value in values[1:]:
        if value ${sign} best:
            best = value
    return best
`;
  await write('python_programs/largest.py', largest('<'));
  await write('correct_python_programs/largest.py', largest('>'));
  await write(
    'json_testcases/largest.json',
    '[[[1, 3, 2]], 3]\n[[[5]], 5]\n[[[-1, -4]], -1]\n[[[2, 2, 9]], 9]\n',
  );
  await write('python_programs/alone.py', largest('<'));
  const importing = ['bugs', 'import', inProject(benchmark), '--out', inProject('imported'), '--json'];
  const { exitCode, stdout } = await run(...importing);
  const rows: { status: string }[] = JSON.parse(stdout);
  expect(rows.map(({ status }) => status)).toContain('imported');
  expect(rows.length).toBeGreaterThan(1);
  expect(exitCode).toBe(0);
  const listed = await run('bugs', 'list', '--json', '--dir', inProject('imported'));
  expect(JSON.parse(listed.stdout)).toMatchObject([{ role: 'coder', error: null }]);
  await rm(inProject(`${benchmark}/correct_python_programs/largest.py`));
  expect((await run(...importing)).exitCode).toBe(3);
});

describe('why', () => {
  test('shows the calls and outputs of both arms for one bug', async () => {
    const { exitCode, stdout, stderr } = await run('why', 'coder/lookup-price', '--quiet');
    expect(stderr).toBe('');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/^coder\/lookup-price\n\nrepeat 0\n/);
    expect(stdout).toMatch(/[✗✓] baseline coder-legacy in dspy-2\.6\.27/);
    expect(stdout).toMatch(/[✗✓] candidate coder-native in dspy-3\.0\.1/);
    expect(stdout).toMatch(/call 1 \(temperature [\d.]+, seed \d+\), status 200/);
  });

  test('needs a bug or --changes, and not both', async () => {
    for (const argv of [['why'], ['why', 'coder/lookup-price', '--changes', 'lost']]) {
      const { exitCode, stderr } = await run(...argv);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('CX-USAGE');
    }
  });

  test('--changes needs a report', async () => {
    const { exitCode, stderr } = await run('why', '--changes');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/eval_report\.json/);
  });
});
