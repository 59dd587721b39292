import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { REPORT_FILE } from '../../config/load-eval-report.ts';
import type { EvalReport } from '../../core/eval-report.ts';
import { copyGateProject } from '../../vitest/gate/gate-project.ts';
import { runCommand, SEEN } from '../test-support.ts';

// Whole gates, each of which imports DSPy anew: a busy machine is no failure.
vi.setConfig({ testTimeout: 600_000 });

const PROBES = `${SEEN}
class Good:
    def run(self):
        return Seen("the same")

class Other:
    def run(self):
        return Seen(dspy.__version__)
`;
const GOOD = 'team.probes:Good';
const OTHER = 'team.probes:Other';
const GONE = 'team.gone:Nobody';

let project: Awaited<ReturnType<typeof copyGateProject>>;
const inProject = (name: string) => path.join(project.root, name);

beforeAll(async () => {
  // Those that the repository's fixtures name.
  project = await copyGateProject(['coder/rectangle-area', 'planner/bridge-repair']);
  await mkdir(inProject('fixtures/team'));
  await writeFile(inProject('fixtures/team/probes.py'), PROBES);
  const { exitCode, stderr } = await runCommand(project.root, ['baseline', 'update', '--quiet']);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => project.remove());

/** A whole gate with these components: by name the tier and the class of the probe. */
async function gateWith(components: Readonly<Record<string, readonly [tier: number, entry: string]>>) {
  const rows = Object.entries(components).map(([name, [tier, entry]]) => [name, { tier, entry }]);
  const text = JSON.stringify({ components: Object.fromEntries(rows) });
  await writeFile(inProject('fixtures/components.yaml'), text);
  const { exitCode, stdout } = await runCommand(project.root, ['gate', '--quiet']);
  const report = JSON.parse(await readFile(inProject(REPORT_FILE), 'utf8')) as EvalReport;
  return { exitCode, stdout, verdict: report.verdict };
}

test('a component of tier 1 that does not hold fails the verdict, by its name', async () => {
  const { exitCode, stdout, verdict } = await gateWith({
    holding: [1, GOOD],
    differing: [1, OTHER],
    'not-imported': [1, GONE],
    lesser: [2, OTHER],
  });
  expect(exitCode).toBe(1);
  expect(verdict.status).toBe('fail');
  expect(verdict.reasons.filter(({ status }) => status === 'fail')).toEqual([
    {
      code: 'component-regressed',
      status: 'fail',
      scope: 'components',
      values: { count: 2, names: 'differing, not-imported' },
    },
  ]);
  expect(stdout).toContain('components of tier 1 that do not hold in the candidate: differing, not-imported');
  expect(stdout).toContain("No module named 'team.gone'");
});

test('of a lower tier it is told, and fails nothing; a broken fixture does, by what it expects', async () => {
  await writeFile(
    inProject('fixtures/strict.fixture.yaml'),
    'name: strict\npipeline: coder-mutants\nbug: coder/rectangle-area\nexpect: { violations: { order: 1 } }\n',
  );
  const { exitCode, stdout, verdict } = await gateWith({
    holding: [1, GOOD],
    lesser: [2, OTHER],
    least: [3, GONE],
  });
  expect(exitCode).toBe(1);
  const failing = verdict.reasons.filter(({ status }) => status === 'fail');
  expect(failing).toEqual([{ code: 'tests-failed', status: 'fail', scope: 'tests', values: { failed: 1 } }]);
  expect(verdict.reasons).toContainEqual({
    code: 'component-differs',
    status: 'note',
    scope: 'components',
    values: { count: 2, names: 'lesser, least' },
  });
  expect(stdout).toContain('violations are {}, expected {"order":1}');
});
