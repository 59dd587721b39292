import path from 'node:path';
import { Option } from 'commander';
import type { EvalReport } from '../../core/eval-report.ts';
import type { Arm, GatewayMode } from '../../core/pipeline-run.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { type FailedTest, renderFailures } from '../../report/failures.ts';
import { count } from '../../report/format.ts';
import { renderReport } from '../../report/terminal.ts';
import type { GateRun } from '../../vitest/gate/run-gate.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  lm: GatewayMode;
  bug?: string[];
  quick?: boolean;
  workers?: number;
  arm?: Arm;
}

/** Where the report is written, relative to the root. */
const REPORT = 'eval/eval_report.json';

export const command: Command = {
  summary: 'compare both arms over the seeded bugs, print the verdict, write eval/eval_report.json',
  configure: (command, action) =>
    command
      .addOption(
        new Option('--lm <mode>', 'how LM requests are answered')
          .choices(['replay', 'record', 'live', 'auto'])
          .default('replay'),
      )
      .option('--bug <id...>', 'only these seeded bugs, as <id> or <role>/<id>')
      .option('--quick', 'only the bugs that gate.yaml lists under `quick`')
      .addOption(
        new Option(
          '--arm <arm>',
          'only this arm, without a verdict: records the baseline before the candidate',
        ).choices(['baseline', 'candidate']),
      )
      .option('--workers <n>', 'parallel test workers (default: one a core)', Number)
      .addHelpText('after', '\nExit code: 0 pass, 1 fail, 2 inconclusive, 3 configuration or infrastructure.')
      .action(action((context, options) => gate(context, options as Options))),
};

async function gate(context: CommandContext, options: Options): Promise<number> {
  // Loaded here: vitest takes a third of a second, which `--help` should not pay.
  const { runGate } = await import('../../vitest/gate/run-gate.ts');
  const { judgeGate } = await import('../../vitest/gate/judge.ts');
  const run = await runGate({
    root: context.root,
    mode: options.lm,
    note: context.note,
    signal: context.signal,
    ...(options.bug ? { bugs: options.bug } : {}),
    ...(options.quick ? { quick: true } : {}),
    ...(options.workers ? { workers: options.workers } : {}),
    ...(options.arm ? { arms: [options.arm] } : {}),
  });
  if (options.arm) return oneArm(context, options.arm, run);
  const report = judgeGate(run, options.lm, new Date());
  await writeAtomically(path.join(context.root, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  print(context, report, run.result.tests);
  return report.verdict.exitCode;
}

/** A run of one arm decides nothing: it says how it went, and leaves the report as it is. */
function oneArm(context: CommandContext, arm: Arm, { result }: GateRun): number {
  const runs = result.tests.flatMap((test) => test.meta?.runs ?? []);
  const solved = runs.reduce((sum, run) => sum + (run.outcome ?? 0), 0);
  const failures = renderFailures(result.tests, { color: context.color });
  if (context.json) context.out(JSON.stringify(runs));
  else context.out(`${failures}${arm}: ${count(runs.length, 'run')}, ${solved} solved`);
  const broken = [...result.fileErrors, ...result.tests.flatMap((test) => test.errors)];
  if (broken.some((error) => error.code !== null)) return 3;
  return result.tests.some((test) => test.state === 'failed') ? 1 : 0;
}

function print(
  context: CommandContext,
  report: EvalReport,
  tests: readonly (FailedTest & { meta?: unknown })[],
): void {
  if (context.json) {
    context.out(JSON.stringify(report));
    return;
  }
  const { color } = context;
  const failures = renderFailures(tests, { color });
  if (failures !== '') context.out(failures);
  const governed = tests.filter((test) => test.meta !== undefined).length;
  context.out(renderReport(report, governed, { color, reportFile: REPORT }));
}
