import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand } from '../test-support.ts';

// Environments of real releases are made, each of which imports DSPy once.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

let declared: string[];
let first: Awaited<ReturnType<typeof bisect>>;
let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeAll(async () => {
  project = await copyGateProject(['coder/rectangle-area']);
  for (const name of await readdir(path.join(project.root, 'fixtures'))) {
    if (name.endsWith('.fixture.yaml') && !name.startsWith('coder-rectangle-area'))
      await writeFile(
        path.join(project.root, 'fixtures', name),
        NO_LM.replace('own', name.split('.')[0] as string),
      );
  }
});
// Two environments are made: the time of that is nobody's fault.
beforeAll(async () => {
  declared = await readdir(path.join(project.root, 'environments'));
  const asked = ['--good', '3.0.1', '--bad', '3.0.3', '--versions', '3.0.1,3.0.2.post99,3.0.3', '--json'];
  first = await bisect('fixtures/coder-rectangle-area.fixture.yaml', ...asked);
});
afterAll(() => project.remove());

const NO_LM = `name: own
pipeline: coder-mutants
bug: coder/rectangle-area
expect: { status: ok }
`;

const bisect = (fixture: string, ...argv: string[]) =>
  runCommand(project.root, ['bisect', fixture, '--quiet', ...argv]);

test('names the release from which a pipeline asks the LM otherwise; what cannot be installed is left out', async () => {
  const { exitCode, stdout, stderr } = first;
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ lastGood: '3.0.1', firstBad: '3.0.3', untried: ['3.0.2.post99'] });
  expect(found.tried.map((one: { version: string; trial: string }) => [one.version, one.trial])).toEqual([
    ['3.0.1', 'good'],
    ['3.0.3', 'bad'],
    ['3.0.2.post99', 'skip'],
  ]);
  expect(found.tried[1].diff).toMatch(/^[+-]/m);
  // The project's own environments are as they were.
  expect(await readdir(path.join(project.root, 'environments'))).toEqual(declared);
});

test('the other way round, with the environments that are there by now', async () => {
  const asked = ['--good', '3.0.1', '--bad', '3.0.3', '--versions', '3.0.3,3.0.1'];
  const { exitCode, stdout } = await bisect('coder-rectangle-area', ...asked);
  expect(stdout).toContain('coder-rectangle-area changes with dspy 3.0.3; it holds in 3.0.1.');
  expect(stdout).toMatch(/^ {4}[+-]/m);
  expect(exitCode).toBe(0);
});

test('an end that is not as it was said to be', async () => {
  const asked = ['--good', '3.0.1', '--bad', '3.0.3', '--versions', '3.0.1,3.0.3'];
  const { exitCode, stderr } = await bisect('coder-faults-native', ...asked);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('3.0.3 was said to be otherwise, and is good');
});

test.each([
  [['coder-rectangle-are', '--good', '3.0.1', '--bad', '3.0.3'], 'coder-rectangle-area'],
  [['coder-rectangle-area', '--good', '3.0', '--bad', 'new'], '"new" is no exact version'],
  [['coder-rectangle-area', '--good', '3.0.1', '--bad', '3.0.1'], 'none of the versions'],
  [
    ['coder-rectangle-area', '--good', '3.0.1', '--bad', '3.0.2', '--versions', '3.0.1,3.0.3'],
    '3.0.1, 3.0.3',
  ],
])('%j is refused', async ([fixture = '', ...argv], text) => {
  const { exitCode, stderr } = await bisect(fixture, ...argv);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(text);
});
