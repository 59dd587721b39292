import { Option } from 'commander';
import type { Arm } from '../../core/pipeline-run.ts';
import { integer } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { GateCommandOptions } from '../gate/options.ts';

export const command: Command = {
  summary: 'compare both arms over the seeded bugs, print the verdict, write eval/eval_report.json',
  configure: (command, action) =>
    command
      .addOption(
        new Option('--lm <mode>', 'how LM requests are answered')
          .choices(['replay', 'record', 'live', 'auto'])
          .default('replay'),
      )
      .option(
        '--bug <id...>',
        'only these seeded bugs, as <id> or <role>/<id>; the report goes to .constitution/partial-report.json',
      )
      .option('--quick', 'only the bugs that gate.yaml lists under `quick`; the report goes to the same file')
      .addOption(
        new Option(
          '--arm <arm>',
          'only this arm, without a verdict: records the baseline before the candidate',
        )
          .choices(['baseline', 'candidate'] satisfies Arm[])
          .conflicts(['selfCheck', 'ablations']),
      )
      .addOption(
        new Option(
          '--self-check',
          'compare the baseline with a second session of itself (A/A); --lm=record records that session alone',
        ).conflicts('ablations'),
      )
      .option(
        '--ablations',
        'run the arms that gate.yaml lists under `ablations` as well; --lm=record records those alone',
      )
      .addOption(
        new Option(
          '--resume',
          'go on with a gate that was interrupted: runs that still hold are not made again',
        ).conflicts(['bug', 'quick']),
      )
      .option('--workers <n>', 'parallel test workers (default: one a core)', integer(1, 256))
      .addHelpText(
        'after',
        '\nExit code: 0 pass, 1 fail, 2 inconclusive (or what gate.yaml says), 3 configuration or infrastructure. ' +
          'With --self-check: 0 right, 1 a false verdict.',
      )
      .action(
        action(async (context, options) => {
          // Loaded here: vitest takes a third of a second, which `--help` should not pay.
          const { gate } = await import('../gate/gate.ts');
          return gate(context, options as GateCommandOptions);
        }),
      ),
};
