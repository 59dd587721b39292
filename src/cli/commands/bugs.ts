import path from 'node:path';
import { Option } from 'commander';
import type { ListedBug } from '../../core/listed-bug.ts';
import { BUG_ROLES, type BugRole, SPLITS, type Split } from '../../core/seeded-bug.ts';
import { renderBugList } from '../../report/bug-list.ts';
import { renderProofs } from '../../report/proofs.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'list and prove the seeded bugs',
  configure: (command, action) => {
    command
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
      .action(action((context, options) => list(context, options as Listed)));
    command
      .command('verify')
      .summary('prove that hidden tests fail on the bug and pass on the fix')
      .description(
        'Proves every seeded bug, or those named: its hidden tests fail on the bug and pass on the fix, five times ' +
          'in a row, in the sandbox; no recorded prompt holds the fix or a hidden test. Exit code 3 where one is not ' +
          'proven.',
      )
      .argument('[bug...]', 'seeded bugs, as <id> or <role>/<id>')
      .addOption(roleOption())
      .addOption(folderOption())
      .action(action((context, ids, options) => verify(context, ids as string[], options as Selected)));
  },
};

interface Selected {
  readonly role?: BugRole;
  readonly dir?: string;
}

interface Listed extends Selected {
  readonly kind?: string;
  readonly split?: Split;
}

function roleOption(): Option {
  return new Option('--role <role>', 'only bugs of this role').choices(BUG_ROLES);
}

function folderOption(): Option {
  return new Option(
    '--dir <folder>',
    'the folder that holds <role>/<id>/ (default: seeded-bugs of the project)',
  );
}

async function list(context: CommandContext, { dir, ...filters }: Listed): Promise<number> {
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

async function verify(context: CommandContext, ids: readonly string[], selected: Selected): Promise<number> {
  const { verifyBugs } = await import('../../bugs/verify.ts');
  const { root, signal, note, json, color } = context;
  const proofs = await verifyBugs({
    root,
    signal,
    note,
    ...(ids.length > 0 ? { ids } : {}),
    ...(selected.role ? { role: selected.role } : {}),
    ...(selected.dir === undefined ? {} : { folder: path.resolve(selected.dir) }),
  });
  context.out(json ? JSON.stringify(proofs) : renderProofs(proofs, { color }));
  return proofs.every(({ proven }) => proven) ? 0 : 3;
}
