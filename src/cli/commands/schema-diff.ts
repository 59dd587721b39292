import path from 'node:path';
import { stringify } from 'yaml';
import { loadSchemaDifferences } from '../../config/schema-differences.ts';
import { unlistedDifferences } from '../../core/schema-diff.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { renderSchemaDiff } from '../../report/schema-diff.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly folder: readonly string[];
  readonly listed?: string;
  readonly write?: string;
}

export const command: Command = {
  summary: 'what two versions of DSPy make of the same signatures: fields, prompts, bad answers',
  configure: (command, action) =>
    command
      .argument('<from>', 'the earlier version, or the name of an environment that has it')
      .argument('<to>', 'the later one')
      .argument('<module...>', 'Python modules that define signatures; those below them are read as well')
      .option('--folder <path...>', 'folders that the modules are imported from', ['fixtures', 'python'])
      .option('--listed <file>', 'YAML that lists the known differences; any other one fails')
      .option('--write <file>', 'writes what differs as such a YAML, for a person to say why')
      .addHelpText(
        'after',
        '\nPrints Markdown. Exit code 1: there is a difference that is not listed, or a listed one that is gone.\n' +
          'The modules are imported; no language model is asked.',
      )
      .action(
        action((context, from, to, modules, options) =>
          schemaDiff(context, from as string, to as string, modules as string[], options as Options),
        ),
      ),
};

async function schemaDiff(
  context: CommandContext,
  from: string,
  to: string,
  modules: readonly string[],
  { folder: folders, listed: file, write }: Options,
): Promise<number> {
  const { compareSignatures } = await import('../../migration/compare-schemas.ts');
  const { root, signal, note } = context;
  const listed = file === undefined ? [] : await loadSchemaDifferences(root, file);
  note(`Reading signatures with dspy ${from} and ${to} …`);
  const comparison = await compareSignatures({ root, from, to, modules, folders, signal });
  const { unlisted, vanished } = unlistedDifferences(comparison.differences, listed);
  const whyOf = new Map(listed.map(({ aspect, diff, why }) => [`${aspect}\n${diff}`, why]));
  if (write !== undefined) {
    const differences = comparison.differences.map(({ aspect, diff, where }) => ({
      why: whyOf.get(`${aspect}\n${diff}`) ?? '',
      aspect,
      diff,
      where,
    }));
    await writeAtomically(path.resolve(root, write), stringify({ differences }, { lineWidth: 130 }));
  }
  const page = { ...comparison, differences: unlisted, vanished };
  context.out(context.json ? JSON.stringify({ ...comparison, unlisted, vanished }) : renderSchemaDiff(page));
  return unlisted.length + vanished.length === 0 ? 0 : 1;
}
