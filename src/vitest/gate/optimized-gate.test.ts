import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { evalReportSchema } from '../../config/eval-report.ts';
import { OPTIMIZED_FOLDER, readOptimizations } from '../../config/optimizations.ts';
import { OPTIMIZER_BUDGET_FILE } from '../../config/optimizer-budget.ts';
import { packageRoot } from '../../config/package-root.ts';
import { renderReport } from '../../report/terminal.ts';
import { copyGateProject } from './gate-project.ts';
import { judgeGate } from './judge.ts';
import { runGate } from './run-gate.ts';

/** Of the test split. */
const BUGS = ['planner/audit-report', 'planner/bridge-repair'];
const LIMIT_MS = 240_000;

let project: Awaited<ReturnType<typeof copyGateProject>>;
beforeAll(async () => {
  const [made] = readOptimizations(packageRoot()).filter(
    ({ role, optimizer }) => role === 'planner' && optimizer === 'gepa',
  );
  const learned = [...(made?.train ?? []), ...(made?.validation ?? [])].map((id) => `planner/${id}`);
  project = await copyGateProject([...BUGS, ...learned]);
  await cp(path.join(packageRoot(), OPTIMIZED_FOLDER), path.join(project.root, OPTIMIZED_FOLDER), {
    recursive: true,
  });
  await copyFile(
    path.join(packageRoot(), OPTIMIZER_BUDGET_FILE),
    path.join(project.root, OPTIMIZER_BUDGET_FILE),
  );
  const file = path.join(project.root, 'gate.yaml');
  const gate = await readFile(file, 'utf8');
  // of the optimized pipeline, one sample a bug is recorded
  await writeFile(file, gate.replace('repeats: 3', 'repeats: 1'));
});
afterAll(() => project.remove());
afterEach(() => vi.unstubAllEnvs());

test(
  'an optimized pipeline in the place of the candidate is held to the caps of its role, in verdict, report and terminal',
  async () => {
    vi.stubEnv('OPTIMIZE_PLANNER', '1');
    const run = await runGate({ root: project.root, mode: 'replay', bugs: BUGS });
    const report = judgeGate(run, 'replay', new Date('2026-01-02T03:04:05Z'));
    expect(report.errors).toEqual({ runs: [], infrastructure: [] });
    expect(evalReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    const rows = report.budgets.map(({ role, metric, limit, p95Limit, bugs }) => [
      role,
      metric,
      limit,
      p95Limit,
      bugs,
    ]);
    expect(rows).toEqual([
      [null, 'latency', 0.2, 0.2, 2],
      [null, 'tokens', 0.25, 0.25, 2],
      ['planner', 'latency', 0.2, 0.2, 2],
      ['planner', 'tokens', 0.25, 0.25, 2],
    ]);
    // two bugs decide nothing, and that forbids a pass
    const ofRole = report.verdict.reasons.filter(({ scope }) => scope.endsWith(':planner'));
    expect(ofRole.filter(({ status }) => status === 'inconclusive').map(({ scope }) => scope)).toEqual([
      'budget:latency:planner',
      'budget:tokens:planner',
    ]);
    const lines = renderReport(report, 2, { color: false }).split('\n');
    expect(lines.filter((line) => /^ {3}planner +(latency|tokens)/.test(line))).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/planner +tokens .* of \+25 %.*p95 .* of \+25 %/);
  },
  LIMIT_MS,
);
