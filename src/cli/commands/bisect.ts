import { Option } from 'commander';
import type { BisectOptions } from '../bisect/bisect.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'find the DSPy release that changed what a fixture does',
  configure: (command, action) =>
    command
      .argument('<fixture>', 'name of a fixture, or its file')
      .requiredOption('--good <version>', 'a version in which its expectations hold')
      .requiredOption('--bad <version>', 'a version in which they do not; older or newer')
      .addOption(
        new Option(
          '--lm <mode>',
          'replay: the recording of the good version, a request that differs is a change',
        )
          .choices(['replay', 'live', 'auto'])
          .default('replay'),
      )
      .option(
        '--versions <list>',
        'versions to choose from, separated by commas (default: what the package index has)',
      )
      .addHelpText(
        'after',
        '\nEnvironments are made in a folder of their own as they are needed: about 535 MB each, less where the disk shares' +
          ' files. A version that cannot be installed is left out. Exit code: 0 found, 3 an end is not as it was said to be.',
      )
      .action(
        action(async (context, fixture, options) => {
          const { bisectFixture } = await import('../bisect/bisect.ts');
          return bisectFixture(context, fixture as string, options as BisectOptions);
        }),
      ),
};
