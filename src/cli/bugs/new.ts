import path from 'node:path';
import { type Command, Option } from 'commander';
import type { NewBug } from '../../bugs/new-bug.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { BUG_ROLES } from '../../core/seeded-bug.ts';
import { renderNewBug } from '../../report/new-bug.ts';
import type { ActionWrapper, CommandContext } from '../command.ts';
import type { NewOptions } from './options.ts';

const MODES = ['fromDiff', 'fromCommit', 'mutate'] as const;

export function configureNew(bugs: Command, action: ActionWrapper): void {
  bugs
    .command('new')
    .summary('make a seeded bug: asked for, of a fix, or planted')
    .description(
      'Scaffolds the folder of a seeded bug from answers or flags; or makes a bug of the fix in a diff or a commit, ' +
        'whose tests become its hidden tests; or plants one that the tests of a file catch. A bug that is whole is ' +
        'proven before it is written.',
    )
    .addOption(new Option('--role <role>', 'who shall repair it (default: coder)').choices(BUG_ROLES))
    .option('--id <id>', 'name of its folder, e.g. sum-to-n')
    .option('--kind <kind>', 'what is wrong, e.g. off-by-one; with --mutate: what to plant')
    .addOption(new Option('--difficulty <n>', '1 (easy) to 3 (hard)').choices(['1', '2', '3']))
    .option('--title <text>', 'one line for reports')
    .option('--entry <function>', 'name of the function')
    .option('--buggy <file>', 'the program with the bug (of a Planner bug: YAML with the stale plan)')
    .option('--fixed <file>', 'the program with the fix (of a Planner bug: YAML with a right plan)')
    .option('--tests <file>', 'its tests: Python, JSON cases, or a hidden_tests.yaml')
    .option('--tasks <names>', 'tasks of a Planner bug, with commas between')
    .option('--brief <text>', 'what the Planner is told')
    .option('--from-diff <file>', 'a unified diff with the fix and its tests')
    .option('--from-commit <revision>', 'a commit with the fix and its tests; its first parent has the bug')
    .option('--mutate <file>', 'a program to plant a bug in')
    .option('--repo <folder>', 'the repository of the commit, diff or program (default: the current folder)')
    .option('--seed <n>', 'which of the possible bugs --mutate plants', '0')
    .option('--dir <folder>', 'where to write <role>/<id>/ (default: seeded-bugs of the project)')
    .option('--force', 'replace a bug of that name')
    .addHelpText(
      'after',
      '\nExit code: 0 proven or scaffolded, 2 a draft that its author must complete, 3 nothing was made.',
    )
    .action(action((context, options) => create(context, options as NewOptions)));
}

async function create(context: CommandContext, options: NewOptions): Promise<number> {
  refuseContradictions(options);
  const { root, signal, note, json, color } = context;
  const base = options.dir === undefined ? path.join(root, 'seeded-bugs') : path.resolve(options.dir);
  const { proposeBug } = await import('../../bugs/request.ts');
  const { writeNewBug } = await import('../../bugs/new-bug.ts');
  const force = options.force === true;
  const request = await completed(options, context);
  const { proposal, left, scaffold } = await proposeBug({ ...request, root, base, force, signal });
  const made = await writeNewBug(proposal, { root, force, signal, note });
  const shown = { ...made, folder: shownPath(root, made.folder) };
  if (json) context.out(JSON.stringify({ ...shown, left }));
  else
    context.out(
      renderNewBug(shown, left, { color, ...(options.dir === undefined ? {} : { dir: options.dir }) }),
    );
  return made.proven || scaffold ? 0 : 2;
}

function shownPath(root: string, folder: string): NewBug['folder'] {
  const relative = path.relative(root, folder);
  return (relative.startsWith('..') ? folder : relative).split(path.sep).join('/');
}

/** What was not said by flags is asked for, where there is somebody to ask and nothing to read it from. */
async function completed(options: NewOptions, { ask, root }: CommandContext) {
  const { questionnaire } = await import('./questionnaire.ts');
  const answers = await questionnaire(options, ask, root);
  const { seed, difficulty, fromDiff, fromCommit, mutate, dir: _, force: __, ...rest } = answers;
  return {
    ...rest,
    role: rest.role ?? ('coder' as const),
    seed: Number(seed),
    ...(difficulty === undefined ? {} : { difficulty: Number(difficulty) }),
    ...(fromDiff === undefined ? {} : { diff: fromDiff }),
    ...(fromCommit === undefined ? {} : { commit: fromCommit }),
    ...(mutate === undefined ? {} : { mutate }),
  };
}

function refuseContradictions(options: NewOptions): void {
  const chosen = MODES.filter((mode) => options[mode] !== undefined);
  const flag = (mode: string) => `--${mode.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (chosen.length > 1) throw usage(`${chosen.map(flag).join(' and ')} exclude each other`);
  const [mode] = chosen;
  if (mode !== undefined && options.role === 'planner')
    throw usage(`${flag(mode)} makes Coder bugs only`, 'A Planner bug is a brief and a plan: leave it out.');
  if (mode !== undefined && (options.buggy !== undefined || options.fixed !== undefined))
    throw usage(`${flag(mode)} brings its own programs: leave --buggy and --fixed out`);
  if (mode !== undefined && mode !== 'mutate' && options.tests !== undefined)
    throw usage(`${flag(mode)} brings its own tests: leave --tests out`);
  if (!/^\d{1,9}$/.test(options.seed))
    throw usage(`--seed is a number of at most nine digits, not "${options.seed}"`);
}

function usage(message: string, hint?: string): ConstitutionError {
  return new ConstitutionError('CX-USAGE', message, hint === undefined ? {} : { hint });
}
