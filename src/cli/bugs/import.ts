import path from 'node:path';
import type { Command } from 'commander';
import { renderImported } from '../../report/imported.ts';
import type { ActionWrapper, CommandContext } from '../command.ts';

export function configureImport(bugs: Command, action: ActionWrapper): void {
  bugs
    .command('import')
    .summary('make seeded bugs of a benchmark of programs before and after their fixes')
    .description(
      'Reads a folder laid out as python_programs/X.py and correct_python_programs/X.py, with tests as ' +
        'python_testcases/test_X.py (pytest or unittest) or json_testcases/X.json (one array [inputs, expected] a ' +
        'line). Programs whose tests prove their bug become seeded bugs; the others are listed with the reason.',
    )
    .argument('<folder>', 'the benchmark')
    .requiredOption('--out <folder>', 'where to write coder/<id>/, e.g. seeded-bugs')
    .option('--force', 'replace bugs that are there already')
    .addHelpText('after', '\nExit code: 0 where a program was imported, 3 where none was.')
    .action(
      action((context, folder, options) =>
        importFolder(context, String(folder), options as { out: string; force?: boolean }),
      ),
    );
}

async function importFolder(
  context: CommandContext,
  folder: string,
  { out, force }: { readonly out: string; readonly force?: boolean },
): Promise<number> {
  const { importBenchmark } = await import('../../bugs/import.ts');
  const { root, signal, note, json, color } = context;
  const rows = await importBenchmark({
    root,
    from: path.resolve(folder),
    to: path.resolve(out),
    force: force === true,
    signal,
    note,
  });
  context.out(json ? JSON.stringify(rows) : renderImported(rows, { color }));
  return rows.some(({ status }) => status === 'imported') ? 0 : 3;
}
