import { existsSync } from 'node:fs';
import path from 'node:path';
import { ABLATIONS_FILE } from '../../config/ablations.ts';
import { COMPONENTS_FILE } from '../../config/components.ts';
import { loadGate } from '../../config/gate.ts';
import { PARTIAL_REPORT_FILE, REPORT_FILE } from '../../config/load-eval-report.ts';
import type { AblationTable } from '../../core/ablation.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { EvalReport } from '../../core/eval-report.ts';
import type { Arm } from '../../core/pipeline-run.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { renderAblations } from '../../report/ablations.ts';
import { type FailedTest, renderFailures } from '../../report/failures.ts';
import { count } from '../../report/format.ts';
import { renderReport } from '../../report/terminal.ts';
import { exhibitSources, judgedMode, latestExhibits, recordVariants } from '../../vitest/gate/exhibits.ts';
import { judgeGate, tabulate } from '../../vitest/gate/judge.ts';
import { forgetKept } from '../../vitest/gate/kept-runs.ts';
import { ablationArms } from '../../vitest/gate/planned-arm.ts';
import { type GateRun, runGate } from '../../vitest/gate/run-gate.ts';
import type { CommandContext } from '../command.ts';
import { brokenRun } from './broken-run.ts';
import { type GateCommandOptions, gateOptions, isOfAllBugs, secondPass } from './options.ts';
import { selfCheck } from './self-check.ts';

/** Runs the gate as it was asked to, and answers with the exit code. */
export async function gate(context: CommandContext, options: GateCommandOptions): Promise<number> {
  if (options.selfCheck) return selfCheck(context, options);
  if (options.arm) return oneArm(context, options.arm, options);
  return options.ablations ? withAblations(context, options) : verdict(context, options);
}

async function verdict(context: CommandContext, options: GateCommandOptions): Promise<number> {
  const { root } = context;
  const run = await runGate(gateOptions(context, options));
  const now = new Date();
  const components = await componentsOf(context, options, run);
  const report = judgeGate(run, options.lm, now, {
    ...(await latestExhibits(root, run.gate, now)),
    components,
  });
  return conclude(context, options, run, report);
}

/** The verdict as ever, and the table of what each step brings. */
async function withAblations(context: CommandContext, options: GateCommandOptions): Promise<number> {
  const { root } = context;
  const settings = await loadGate(root);
  const variants = ablationArms(settings);
  if (variants.length === 0) {
    throw new ConstitutionError('CX-CONFIG-REFERENCE', 'gate.yaml lists no ablations', {
      place: { file: 'gate.yaml' },
      hint: 'Add arms under `ablations:`, each with the pipeline and environment of its roles.',
    });
  }
  const asked = gateOptions(context, options);
  const recorded = await recordVariants(asked, settings, variants);
  const broken = recorded && brokenRun(context, recorded);
  if (broken) return broken;
  const mode = judgedMode(options.lm);
  const run = await runGate({ ...(recorded ? secondPass(asked) : asked), mode, variants });
  const now = new Date();
  const table = tabulate(run, mode, now, await exhibitSources(root, run.gate));
  const exhibits = await latestExhibits(root, run.gate, now);
  const report = judgeGate(run, mode, now, {
    ...exhibits,
    ablations: { ...table, ageMs: 0, current: true },
    components: await componentsOf(context, options, run),
  });
  if (isOfAllBugs(options) && report.verdict.exitCode !== 3) {
    await writeAtomically(path.join(root, ABLATIONS_FILE), `${JSON.stringify(table, null, 2)}\n`);
  }
  return conclude(context, options, run, report, table);
}

/** The parts around the pipelines; not asked for where a person wants the verdict on some bugs. */
async function componentsOf(
  { root, signal, note }: CommandContext,
  options: GateCommandOptions,
  { gate }: GateRun,
): Promise<EvalReport['components']> {
  if (!isOfAllBugs(options) || !existsSync(path.join(root, COMPONENTS_FILE))) return null;
  const { readComponents } = await import('../../migration/read-components.ts');
  const { baseline, candidate } = gate.environments;
  note('Running the components in both versions …');
  return readComponents({ root, from: baseline, to: candidate, limits: gate.budgets, signal });
}

async function conclude(
  context: CommandContext,
  options: GateCommandOptions,
  run: GateRun,
  report: EvalReport,
  table?: AblationTable,
): Promise<number> {
  const { root } = context;
  const file = isOfAllBugs(options) ? REPORT_FILE : PARTIAL_REPORT_FILE;
  await writeAtomically(path.join(root, file), `${JSON.stringify(report, null, 2)}\n`);
  // After an error of infrastructure `--resume` makes only what is missing.
  if (isOfAllBugs(options) && report.verdict.exitCode !== 3) await forgetKept(root);
  print(context, report, { file, tests: run.result.tests, table });
  return report.verdict.exitCode;
}

/** A run of one arm decides nothing: it says how it went, and leaves the report as it is. */
async function oneArm(context: CommandContext, arm: Arm, options: GateCommandOptions): Promise<number> {
  const { result } = await runGate(gateOptions(context, options));
  const runs = result.tests.flatMap((test) => test.meta?.runs ?? []);
  const solved = runs.reduce((sum, run) => sum + (run.outcome ?? 0), 0);
  const failures = renderFailures(result.tests, { color: context.color });
  if (context.json) context.out(JSON.stringify(runs));
  else context.out(`${failures}${arm}: ${count(runs.length, 'run')}, ${solved} solved`);
  const broken = [...result.fileErrors, ...result.tests.flatMap((test) => test.errors)];
  if (broken.some((error) => error.code !== null)) return 3;
  if (isOfAllBugs(options)) await forgetKept(context.root);
  return result.tests.some((test) => test.state === 'failed') ? 1 : 0;
}

interface Printed {
  /** Where the report was written. */
  readonly file: string;
  readonly tests: readonly (FailedTest & { meta?: unknown })[];
  readonly table: AblationTable | undefined;
}

function print(context: CommandContext, report: EvalReport, { file, tests, table }: Printed): void {
  if (context.json) {
    context.out(JSON.stringify(report));
    return;
  }
  const { color } = context;
  const failures = renderFailures(tests, { color });
  if (failures !== '') context.out(failures);
  if (table !== undefined) context.out(renderAblations(table, { color }));
  const governed = tests.filter((test) => test.meta !== undefined).length;
  context.out(renderReport(report, governed, { color, reportFile: file }));
}
