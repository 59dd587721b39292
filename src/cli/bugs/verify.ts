import path from 'node:path';
import type { Command } from 'commander';
import type { BugRole } from '../../core/seeded-bug.ts';
import { renderProofs } from '../../report/proofs.ts';
import type { ActionWrapper, CommandContext } from '../command.ts';
import { folderOption, roleOption } from './options.ts';

interface Options {
  readonly role?: BugRole;
  readonly dir?: string;
}

export function configureVerify(bugs: Command, action: ActionWrapper): void {
  bugs
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
    .action(action((context, ids, options) => verify(context, ids as string[], options as Options)));
}

async function verify(context: CommandContext, ids: readonly string[], options: Options): Promise<number> {
  const { verifyBugs } = await import('../../bugs/verify.ts');
  const { root, signal, note, json, color } = context;
  const proofs = await verifyBugs({
    root,
    signal,
    note,
    ...(ids.length > 0 ? { ids } : {}),
    ...(options.role ? { role: options.role } : {}),
    ...(options.dir === undefined ? {} : { folder: path.resolve(options.dir) }),
  });
  context.out(json ? JSON.stringify(proofs) : renderProofs(proofs, { color }));
  return proofs.every(({ proven }) => proven) ? 0 : 3;
}
