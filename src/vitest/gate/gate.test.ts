import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evalReportSchema } from '../../config/eval-report.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { EvalReport } from '../../core/eval-report.ts';
import { splitOf } from '../../core/seeded-bug.ts';
import { pythonOfThisRun } from '../python-of-this-run.ts';
import { copyGateProject } from './gate-project.ts';
import { judgeGate } from './judge.ts';
import { type GateRun, runGate } from './run-gate.ts';

/** The first bugs of a role in the split that the verdict is made from. */
async function testSplit(role: string, count: number): Promise<string[]> {
  const ids = await readdir(path.join(packageRoot(), 'seeded-bugs', role));
  return ids
    .filter((id) => splitOf(id) === 'test')
    .sort()
    .slice(0, count)
    .map((id) => `${role}/${id}`);
}

const FIXTURE_BUGS = ['coder/rectangle-area', 'planner/bridge-repair'];
let bugs: string[];
let project: Awaited<ReturnType<typeof copyGateProject>>;
/** The project as it is, replayed once for every test that only reads what came out. */
let replayed: Awaited<ReturnType<typeof gate>>;
beforeAll(async () => {
  bugs = [...(await testSplit('coder', 3)), ...(await testSplit('planner', 2))];
  // The repository's fixtures name these, and run with a whole gate.
  project = await copyGateProject([...bugs, ...FIXTURE_BUGS]);
  replayed = await gate();
});
afterAll(() => project.remove());

async function gate(
  options: Partial<Parameters<typeof runGate>[0]> = {},
): Promise<{ run: GateRun; report: EvalReport }> {
  const run = await runGate({
    root: project.root,
    mode: 'replay',
    startPython: pythonOfThisRun,
    ...options,
  });
  return { run, report: judgeGate(run, 'replay', new Date('2026-01-02T03:04:05Z')) };
}

/** Puts another file in place for the time of a test. */
async function withFile<T>(
  name: string,
  change: (text: string) => string,
  body: () => Promise<T>,
): Promise<T> {
  const file = path.join(project.root, name);
  const before = await readFile(file, 'utf8').catch(() => null);
  await writeFile(file, change(before ?? ''));
  try {
    return await body();
  } finally {
    if (before === null) await rm(file);
    else await writeFile(file, before);
  }
}

const brokenArticles = (report: EvalReport) =>
  report.constitution.articles.filter((article) => article.findings > 0).map((article) => article.id);

describe('the gate on real DSPy', () => {
  test('runs both versions over every bug, and its report is whole', () => {
    const { run, report } = replayed;
    expect(run.result.tests.flatMap((test) => test.errors)).toEqual([]);
    expect(report.environments.map(({ arm, dspy }) => [arm, dspy])).toEqual([
      ['baseline', '2.6.27'],
      ['candidate', '3.0.1'],
    ]);
    expect(report.cases.map((row) => `${row.role}/${row.bug}`)).toEqual(
      [...new Set([...bugs, ...FIXTURE_BUGS])].sort(),
    );
    for (const row of report.cases) {
      expect(row.baseline).toHaveLength(run.gate.repeats);
      expect(row.candidate).toHaveLength(run.gate.repeats);
      for (const { usage } of [...row.baseline, ...row.candidate]) expect(usage.calls).toBeGreaterThan(0);
    }
    expect(evalReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    expect(report.verdict.exitCode).toBeOneOf([0, 1, 2]);
  });

  test('its figures can be recomputed from its rows, without any code of ours', async () => {
    const { report } = replayed;
    const file = path.join(project.root, 'report.json');
    await writeFile(file, JSON.stringify(report));
    const script = path.join(packageRoot(), 'eval', 'recompute.mjs');
    const { stdout } = await execa(process.execPath, [script, file]);
    const { bugs: judged, baseline, candidate, relative, absolute } = report.improvement;
    expect(JSON.parse(stdout)).toEqual({
      bugs: judged,
      baseline: expect.closeTo(baseline as number, 12),
      candidate: expect.closeTo(candidate as number, 12),
      relative: relative === null ? null : expect.closeTo(relative, 12),
      absolute: expect.closeTo(absolute as number, 12),
    });
  });

  test('a second replay gives the same outputs, tokens and outcomes', async () => {
    const figures = (report: EvalReport) =>
      report.cases.flatMap((row) =>
        [...row.baseline, ...row.candidate].map(({ id, outcome, usage, outputHash }) => ({
          id,
          outcome,
          usage,
          outputHash,
        })),
      );
    expect(figures((await gate()).report)).toEqual(figures(replayed.report));
  });

  test('a deleted recording is an error of infrastructure that shows the nearest request', async () => {
    const [bug] = bugs as [string];
    const folder = `eval/recordings/${bug}`;
    const [name] = (await readdir(path.join(project.root, folder))).filter((file) =>
      file.includes('-native@dspy-3.0.1.1.json'),
    );
    const { run, report } = await withFile(
      `${folder}/${name}`,
      (text) => text,
      async () => {
        await rm(path.join(project.root, folder, name as string));
        return gate();
      },
    );
    expect(report.verdict).toMatchObject({ status: 'error', exitCode: 3 });
    const [failure] = run.result.tests.flatMap((test) => test.errors);
    expect(failure).toMatchObject({ code: 'CX-GATEWAY-MISS', hint: expect.stringContaining('--lm=auto') });
    expect(failure?.message).toContain('+++ this request');
  });

  test('a planner that hands out a wrong order breaks the dependency article and no other', async () => {
    const reversed = `import dspy
from reference.planner import native

class Reversed(dspy.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, **inputs):
        self.inner(**inputs)
        return dspy.Prediction(plan=list(reversed(inputs["tasks"])))

def build(**params):
    return Reversed(native.build(**params))
`;
    const { report } = await withFile(
      'fixtures/reversed_planner.py',
      () => reversed,
      () =>
        withFile(
          'fixtures/pipelines.yaml',
          (text) => text.replace('reference.planner.native:build', 'reversed_planner:build'),
          () => gate({ bugs: bugs.filter((bug) => bug.startsWith('planner/')) }),
        ),
    );
    expect(brokenArticles(report)).toEqual(['V']);
    expect(report.verdict).toMatchObject({ status: 'fail', exitCode: 1 });
    expect(report.roles['planner']?.dependencyViolations).toBeGreaterThan(0);
  });

  test('a pipeline that raises is an outcome of 0 and a listed error, not a failing test', async () => {
    const [bug] = bugs as [string];
    const { run, report } = await withFile(
      'fixtures/raising.py',
      () => `def build(**params):
    def run(**inputs):
        raise ValueError("no idea")
    return run
`,
      () =>
        withFile(
          'fixtures/pipelines.yaml',
          (text) => text.replace('reference.coder.native:build', 'raising:build'),
          () => gate({ bugs: [bug] }),
        ),
    );
    expect(run.result.tests.map(({ state }) => state)).toEqual(['passed', 'passed']);
    expect(report.improvement.candidate).toBe(0);
    expect(report.errors.runs.map(({ code, arm }) => [code, arm])).toEqual(
      Array.from({ length: run.gate.repeats }, () => ['CX-PIPELINE-RAISED', 'candidate']),
    );
  });

  test('a run that takes longer than gate.yaml allows is killed, and an outcome of 0', async () => {
    const [bug] = bugs as [string];
    const hanging =
      'def build(**params):\n    def run(**inputs):\n        while True: pass\n    return run\n';
    const inPlace = <T>(body: () => Promise<T>) =>
      withFile(
        'fixtures/pipelines.yaml',
        (text) => text.replace('reference.coder.native:build', 'hanging:build'),
        () =>
          withFile(
            'gate.yaml',
            (text) => text.replace('runTimeoutSeconds: 120', 'runTimeoutSeconds: 10'),
            body,
          ),
      );
    const { report } = await withFile(
      'fixtures/hanging.py',
      () => hanging,
      () => inPlace(() => gate({ bugs: [bug] })),
    );
    expect(report.errors.runs.map(({ code, arm, message }) => [code, arm, message])).toEqual(
      report.cases[0]?.candidate.map(() => [
        'CX-RUN-TIMEOUT',
        'candidate',
        'The run did not end within 10000 ms and was killed.',
      ]),
    );
  });

  test('a pipeline that cannot be imported is an error of infrastructure', async () => {
    const { report } = await withFile(
      'fixtures/pipelines.yaml',
      (text) => text.replace('reference.coder.native:build', 'reference.coder.nativ:build'),
      () => gate({ bugs: bugs.slice(0, 1) }),
    );
    expect(report.verdict.exitCode).toBe(3);
    expect(report.errors.infrastructure.map(({ code }) => code)).toContain('CX-PIPELINE-LOAD');
  });
});
