import { renderApiDiff } from '../../report/api-diff.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'what changed between two versions of DSPy, found by importing both',
  configure: (command, action) =>
    command
      .argument('<from>', 'the earlier version, or the name of an environment that has it')
      .argument('<to>', 'the later one')
      .addHelpText(
        'after',
        '\nPrints Markdown. `env add dspy==<version>` makes an environment of another version.',
      )
      .action(action((context, from, to) => apiDiff(context, from as string, to as string))),
};

async function apiDiff(context: CommandContext, from: string, to: string): Promise<number> {
  const { compareVersions } = await import('../../migration/compare.ts');
  const { root, signal, note } = context;
  const { before, after, changes, hints } = await compareVersions({ root, from, to, signal, note });
  const page = { package: before.package, from: before.version, to: after.version, changes, hints };
  context.out(context.json ? JSON.stringify(page) : renderApiDiff(page));
  return 0;
}
