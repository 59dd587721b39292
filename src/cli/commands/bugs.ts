import path from 'node:path';
import { Option } from 'commander';
import { BUG_ROLES, type BugRole } from '../../core/seeded-bug.ts';
import { renderProofs } from '../../report/proofs.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'list and prove the seeded bugs',
  configure: (command, action) => {
    command
      .command('list')
      .summary('kind, difficulty and split of every seeded bug')
      .description('Lists every seeded bug with its kind, difficulty and split.')
      .action(action((context) => list(context)));
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

function roleOption(): Option {
  return new Option('--role <role>', 'only bugs of this role').choices(BUG_ROLES);
}

function folderOption(): Option {
  return new Option(
    '--dir <folder>',
    'the folder that holds <role>/<id>/ (default: seeded-bugs of the project)',
  );
}

async function list(context: CommandContext): Promise<number> {
  const { loadSeededBugs } = await import('../../config/bugs.ts');
  const bugs = await loadSeededBugs(context.root);
  if (context.json) {
    context.out(JSON.stringify(bugs.map(({ visible: _, ...bug }) => bug)));
    return 0;
  }
  for (const { role, id, kind, difficulty, split, title } of bugs) {
    context.out(
      `${`${role}/${id}`.padEnd(36)} ${kind.padEnd(22)} ${difficulty}  ${split.padEnd(11)} ${title}`,
    );
  }
  return 0;
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
