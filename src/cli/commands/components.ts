import { loadGate } from '../../config/gate.ts';
import { blockingComponents } from '../../core/component.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { renderComponents } from '../../report/components.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
}

export const command: Command = {
  summary: 'whether the parts around the pipelines work in both versions (fixtures/components.yaml)',
  configure: (command, action) =>
    command
      .option('--from <version>', 'the earlier version or its environment; that of gate.yaml by default')
      .option('--to <version>', 'the later one')
      .addHelpText(
        'after',
        '\nEach component is imported, set up and run with scripted language models in both versions. Exit code 1: one of\n' +
          'tier 1 does not hold. The gate runs the same, and carries the rows in its report.',
      )
      .action(action((context, options) => components(context, options as Options))),
};

async function components(context: CommandContext, options: Options): Promise<number> {
  const { readComponents } = await import('../../migration/read-components.ts');
  const { root, signal, note, color } = context;
  const gate = await loadGate(root);
  const from = options.from ?? gate.environments.baseline;
  const to = options.to ?? gate.environments.candidate;
  note(`Running the components in ${from} and ${to} …`);
  const rows = await readComponents({ root, from, to, limits: gate.budgets, signal });
  if (rows === null) {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'the project names no components', {
      place: { file: 'fixtures/components.yaml' },
      hint: 'Name each with its tier and the class of its probe: see docs/migrating.md.',
    });
  }
  context.out(
    context.json ? JSON.stringify({ from, to, components: rows }) : renderComponents(rows, { color }),
  );
  return blockingComponents(rows).length === 0 ? 0 : 1;
}
