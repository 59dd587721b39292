import { loadGate } from '../../config/gate.ts';
import { packageVersion } from '../../config/package-root.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { PathRow } from '../../migration/scan-paths.ts';
import { renderFileDiff, renderScan } from '../../report/scan.ts';
import { renderScanSarif } from '../../report/scan-sarif.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly fix?: true;
  readonly dryRun?: true;
  readonly defaults?: true;
  readonly sarif?: true;
}

export const command: Command = {
  summary: 'find uses in Python code of what changed between two versions of DSPy',
  configure: (command, action) =>
    command
      .argument('<path...>', 'Python files, or folders that hold some')
      .option(
        '--from <version>',
        'the version that the code was written for (default: the baseline of gate.yaml)',
      )
      .option('--to <version>', 'the version that it is to run with (default: the candidate of gate.yaml)')
      .option('--fix', 'mend what needs no person; the diff is printed')
      .option('--dry-run', 'with --fix: print the diff, change nothing')
      .option('--defaults', 'also tell calls that leave out an argument whose default changed')
      .option('--sarif', 'print SARIF 2.1.0, for code-scanning views')
      .addHelpText(
        'after',
        '\nExit code: 0 nothing found or all mended, 1 something is left, or a file could not be read. Nothing is executed.',
      )
      .action(action((context, paths, options) => scan(context, paths as string[], options as Options))),
};

async function scan(context: CommandContext, paths: readonly string[], options: Options): Promise<number> {
  const { compareVersions } = await import('../../migration/compare.ts');
  const { Scanner } = await import('../../migration/scan.ts');
  const { scanPaths } = await import('../../migration/scan-paths.ts');
  const { root, signal, note, color, json } = context;
  if (options.dryRun && !options.fix) {
    throw new ConstitutionError('CX-USAGE', '--dry-run says what --fix would do', {
      hint: 'Give both, or neither.',
    });
  }
  const fix = options.fix ? (options.dryRun ? 'preview' : 'write') : 'no';
  const { from, to } = await versions(root, options);
  const comparison = await compareVersions({ root, from, to, signal, note });
  const scanner = new Scanner(comparison, { signal, defaults: options.defaults === true });
  const diffs: { readonly file: string; readonly mended: number; readonly diff: string }[] = [];
  const machine = json || options.sarif === true;
  const { read, rows } = await scanPaths(scanner, {
    paths,
    fix,
    cwd: process.cwd(),
    onFix: (fixed) => {
      const diff = renderFileDiff(fixed, { color: color && !machine });
      diffs.push({ file: fixed.file, mended: fixed.mended, diff });
      if (!machine) context.out(diff);
    },
  });
  const mendable = rows.reduce((sum, row) => sum + (row.fixed?.mended ?? mendableOf(row)), 0);
  const left = rows.filter(({ findings, fault }) => findings.length > 0 || fault !== null);
  const files = left.map(({ fixed: _, ...row }) => row);
  const { before, after } = comparison;
  const summary = { read, from: before.version, to: after.version, mendable, fixed: fix === 'write' };
  if (options.sarif) {
    context.out(renderScanSarif(files, packageVersion()));
  } else if (json) {
    context.out(JSON.stringify({ ...summary, files, diffs }));
  } else {
    context.out(renderScan(files, summary, { color }));
  }
  return files.length === 0 ? 0 : 1;
}

function mendableOf({ findings, refused }: PathRow): number {
  return refused === null ? findings.filter(({ edits }) => edits.length > 0).length : 0;
}

/** What the code was written for and what it is to run with; where nothing is said, as the gate compares. */
async function versions(root: string, { from, to }: Options): Promise<{ from: string; to: string }> {
  if (from !== undefined && to !== undefined) return { from, to };
  const { environments } = await loadGate(root);
  return { from: from ?? environments.baseline, to: to ?? environments.candidate };
}
