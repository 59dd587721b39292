import path from 'node:path';
import { loadGate } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { ScannedFile } from '../../migration/scan.ts';
import { renderFileDiff, renderScan } from '../../report/scan.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly fix?: true;
  readonly dryRun?: true;
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
      .addHelpText(
        'after',
        '\nExit code: 0 nothing found or all mended, 1 something is left, or a file could not be read. Nothing is executed.',
      )
      .action(action((context, paths, options) => scan(context, paths as string[], options as Options))),
};

async function scan(context: CommandContext, paths: readonly string[], options: Options): Promise<number> {
  const { compareVersions } = await import('../../migration/compare.ts');
  const { Scanner } = await import('../../migration/scan.ts');
  const { fixFile, writeFixed } = await import('../../migration/fix.ts');
  const { root, signal, note, color, json } = context;
  if (options.dryRun && !options.fix) {
    throw new ConstitutionError('CX-USAGE', '--dry-run says what --fix would do', {
      hint: 'Give both, or neither.',
    });
  }
  const writes = options.fix === true && !options.dryRun;
  const { from, to } = await versions(root, options);
  const comparison = await compareVersions({ root, from, to, signal, note });
  const scanner = new Scanner(comparison, signal);
  const rows: ScannedFile[] = [];
  let [read, mendable] = [0, 0];
  for (const place of paths) {
    const scanned = await scanner.scan(path.resolve(place));
    read += scanned.read;
    for (const file of scanned.files) {
      const shown = path.relative(process.cwd(), path.join(scanned.base, file.file));
      const fixed = options.fix ? await fixFile(scanner, scanned.base, file) : null;
      mendable += options.fix ? (fixed?.mended ?? 0) : mendableOf(file);
      if (fixed !== null && !json) context.out(renderFileDiff({ ...fixed, file: shown }, { color }));
      if (fixed !== null && writes) await writeFixed(scanned.base, fixed);
      rows.push({ ...(fixed !== null && writes ? fixed.left : file), file: shown });
    }
  }
  const files = rows.filter(({ findings, fault }) => findings.length > 0 || fault !== null);
  const { before, after } = comparison;
  const summary = { read, from: before.version, to: after.version, mendable, fixed: writes };
  context.out(json ? JSON.stringify({ ...summary, files }) : renderScan(files, summary, { color }));
  return files.length === 0 ? 0 : 1;
}

function mendableOf({ findings }: ScannedFile): number {
  return findings.filter(({ edits }) => edits.length > 0).length;
}

/** What the code was written for and what it is to run with; where nothing is said, as the gate compares. */
async function versions(root: string, { from, to }: Options): Promise<{ from: string; to: string }> {
  if (from !== undefined && to !== undefined) return { from, to };
  const { environments } = await loadGate(root);
  return { from: from ?? environments.baseline, to: to ?? environments.candidate };
}
