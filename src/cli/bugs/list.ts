import path from 'node:path';
import { type Command, Option } from 'commander';
import type { ListedBug } from '../../core/listed-bug.ts';
import { type BugRole, SPLITS, type Split } from '../../core/seeded-bug.ts';
import { renderBugList } from '../../report/bug-list.ts';
import type { ActionWrapper, CommandContext } from '../command.ts';
import { folderOption, roleOption } from './options.ts';

interface Options {
  readonly role?: BugRole;
  readonly kind?: string;
  readonly split?: Split;
  readonly dir?: string;
}

export function configureList(bugs: Command, action: ActionWrapper): void {
  bugs
    .command('list')
    .summary('kind, difficulty, split and pass rates of every seeded bug')
    .description(
      'Lists seeded bugs with how often each environment repairs them (by the last report, else by the baseline), ' +
        'and which tell nothing apart any more: all won or all lost in both arms.',
    )
    .addOption(roleOption())
    .option('--kind <kind>', 'only bugs of this kind')
    .addOption(new Option('--split <split>', 'only bugs of this split').choices(SPLITS))
    .addOption(folderOption())
    .action(action((context, options) => list(context, options as Options)));
}

async function list(context: CommandContext, { dir, ...filters }: Options): Promise<number> {
  const { listBugs } = await import('../../bugs/list.ts');
  const { root, json, color } = context;
  const rows = await listBugs({
    root,
    ...filters,
    ...(dir === undefined ? {} : { folder: path.resolve(dir) }),
  });
  if (json) context.out(JSON.stringify(rows.map(listedJson)));
  else context.out(renderBugList(rows, { color }));
  return rows.every(({ error }) => error === null) ? 0 : 3;
}

/** The same keys in every row; what pipelines are shown stays in the folder. */
function listedJson({ key, bug, error, rates }: ListedBug) {
  const [role, id] = key.split('/');
  return {
    bug: key,
    role,
    id,
    kind: bug?.kind ?? null,
    difficulty: bug?.difficulty ?? null,
    split: bug?.split ?? null,
    title: bug?.title ?? null,
    folder: bug?.folder ?? null,
    sha256: bug?.sha256 ?? null,
    rates,
    error,
  };
}
