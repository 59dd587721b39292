import { Option } from 'commander';
import { OPTIMIZER_NAMES } from '../../core/optimizers.ts';
import { integer } from '../arguments.ts';
import type { Command } from '../command.ts';
import { DEFAULTS, type OptimizeOptions } from '../optimize/options.ts';

export const command: Command = {
  summary:
    "look for a better form of a role's pipeline with GEPA or another optimizer, within optimizer_budget.yaml",
  configure: (command, action) =>
    command
      .argument('<role>', 'a role of gate.yaml, e.g. coder')
      .addOption(
        new Option('--lm <mode>', 'how LM requests are answered')
          .choices(['live', 'record', 'replay', 'auto'])
          .default(DEFAULTS.lm),
      )
      .addOption(
        new Option(
          '--resume',
          'go on with an optimization that was stopped: what it has paid for is not paid again',
        ),
      )
      .addOption(
        new Option('--optimizer <name>', 'an optimizer of DSPy')
          .choices([...OPTIMIZER_NAMES])
          .default(DEFAULTS.optimizer),
      )
      .option('--budget <name>', 'a smaller budget of optimizer_budget.yaml, e.g. small')
      .addOption(
        new Option('--seed <number>', 'seed of the optimizer')
          .argParser(integer(0, 2 ** 31 - 1))
          .default(DEFAULTS.seed),
      )
      .addOption(
        new Option('--threads <number>', 'answers made at once')
          .argParser(integer(1, 64))
          .default(DEFAULTS.threads),
      )
      .addOption(
        new Option('--minibatch <number>', 'bugs of one reflection')
          .argParser(integer(1, 50))
          .default(DEFAULTS.minibatch),
      )
      .addOption(
        new Option('--train <number>', 'bugs of the train split (default: all)').argParser(
          integer(1, 10_000),
        ),
      )
      .addOption(
        new Option('--validation <number>', 'bugs of the validation split (default: all)').argParser(
          integer(1, 10_000),
        ),
      )
      .option('--judge <entry>', 'package.module:function in fixtures/ (default: optimizing.<role>:judge)')
      .addOption(
        new Option(
          '--reflector <kind>',
          'what writes instructions: a language model, or the reviewed catalogue fixtures/optimizing/catalogue.yaml, which is none',
        )
          .choices(['lm', 'catalogue'])
          .default(DEFAULTS.reflector),
      )
      .option('--reflection-model <name>', 'model that writes instructions (default: that of the pipeline)')
      .option(
        '--reflection-endpoint <url>',
        'OpenAI-compatible base URL of that model (default: that of the pipeline)',
      )
      .option('--reflection-key-variable <name>', 'environment variable with the key of that endpoint')
      .addHelpText(
        'after',
        '\nBefore anything is asked, it says what it may spend at most, by optimizer_budget.yaml; while it runs, what is left. ' +
          'What is over a cap is refused, and the best so far is kept: raise the cap and give the same command with ' +
          '--resume (GEPA), which the end of the first one prints.' +
          '\nWrites eval/optimized/<role>/program.json and optimization.json. The train and validation splits are used, the ' +
          'test split never.\nExit code: 0 completed, 1 stopped by its budget, 3 configuration or infrastructure.',
      )
      .action(
        action(async (context, role, options) => {
          const { optimize } = await import('../optimize/optimize.ts');
          return optimize(context, role as string, options as OptimizeOptions);
        }),
      ),
};
