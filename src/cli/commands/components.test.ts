import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand, SEEN } from '../test-support.ts';

const PROBES = `import sys
${SEEN}
NEW = dspy.__version__.startswith("3")

class Good:
    def run(self):
        print("what a probe prints is no part of the answer")
        return Seen({"word": "naïve 東京"})

class NotSetUp:
    def __init__(self):
        self.program = dspy.ChainOfThoughtWithHint("question -> answer")
    def run(self):
        return Seen(1)

class Exits:
    def run(self):
        sys.exit(4) if NEW else None
        return Seen(1)

class Random:
    times = 0
    def run(self):
        Random.times += NEW
        return Seen(Random.times)

class Dearer:
    def run(self):
        return Seen(1, input_tokens=200 if NEW else 100)

class Other:
    def run(self):
        return Seen(dspy.__version__)
`;

/** Puts components in the place of the repository's, each with a class of `team.probes`. */
function nameComponents(
  root: string,
  classes: Readonly<Record<string, string>>,
  tier: number,
): Promise<void> {
  const components = Object.fromEntries(
    Object.entries(classes).map(([name, probe]) => [name, { tier, entry: `team.probes:${probe}` }]),
  );
  return writeFile(path.join(root, 'fixtures', 'components.yaml'), JSON.stringify({ components }));
}

test('the parts of this repository hold in both versions', async () => {
  const { exitCode, stdout } = await runCommand(packageRoot(), ['components', '--json', '--quiet']);
  expect(exitCode).toBe(0);
  const { from, to, components } = JSON.parse(stdout);
  expect([from, to]).toEqual(['dspy-2.6.27', 'dspy-3.0.1']);
  expect(components.map(({ name, holds }: { name: string; holds: boolean }) => [name, holds])).toEqual(
    [
      'native-constraints',
      'model-switcher',
      'optimization-loop',
      'metrics-dashboard',
      'role-refinement',
      'signature-validator',
      'system-integration',
    ].map((name) => [name, true]),
  );
  const active = components.filter(
    ({ checks }: { checks: { assertions: string } }) => checks.assertions === 'ok',
  );
  expect(active).toHaveLength(3);
  for (const { candidate } of active) expect(candidate.assertions.violations).toBeGreaterThan(0);
});

test('each way to break is told in its row', async () => {
  const { root, remove } = await copyGateProject([]);
  onTestFinished(remove);
  await mkdir(path.join(root, 'fixtures', 'team'));
  await writeFile(path.join(root, 'fixtures', 'team', 'probes.py'), PROBES);
  const classes = { good: 'Good', missing: 'Nobody', 'not-set-up': 'NotSetUp', exits: 'Exits' };
  const more = { random: 'Random', dearer: 'Dearer', other: 'Other' };
  await nameComponents(root, { ...classes, ...more }, 2);
  const told = await runCommand(root, ['components', '--json', '--quiet']);
  expect(told.exitCode).toBe(0);
  const rows = Object.fromEntries(
    JSON.parse(told.stdout).components.map((row: { name: string }) => [row.name, row]),
  );
  expect(rows.good).toMatchObject({ holds: true });
  expect(rows.missing).toMatchObject({ checks: { imports: 'failed', initialises: 'n/a' } });
  expect(rows.missing.baseline.error).toContain("has no attribute 'Nobody'");
  expect(rows['not-set-up'].baseline.error).toBeNull();
  expect(rows['not-set-up'].candidate.error).toContain('ChainOfThoughtWithHint');
  expect(rows['not-set-up']).toMatchObject({ checks: { imports: 'ok', initialises: 'failed' } });
  expect(rows.exits).toMatchObject({ checks: { output: 'failed' }, candidate: { error: 'SystemExit: 4' } });
  expect(rows.random).toMatchObject({ candidate: { error: 'it does something else each time' } });
  expect(rows.dearer).toMatchObject({ checks: { output: 'ok', tokens: 'failed', latency: 'failed' } });
  expect(rows.other).toMatchObject({ checks: { output: 'failed' }, holds: false });
});

test('one of tier 1 that does not hold makes the exit code 1', async () => {
  const { root, remove } = await copyGateProject([]);
  onTestFinished(remove);
  await nameComponents(root, { absent: 'Nobody' }, 1);
  const { exitCode, stdout } = await runCommand(root, ['components', '--quiet']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('0 of 1 component hold · tier 1: absent');
  expect(stdout).toContain("candidate ModuleNotFoundError: No module named 'team'");
});

test('a project that names no components is told what to write', async () => {
  const { root, remove } = await copyGateProject([]);
  onTestFinished(remove);
  await writeFile(path.join(root, 'fixtures', 'components.yaml'), 'components: {}\n');
  const { exitCode, stderr } = await runCommand(root, ['components', '--quiet']);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/CX-CONFIG-MISSING[\s\S]*the project names no components/);
});
