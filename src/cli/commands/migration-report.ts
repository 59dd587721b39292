import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadAblations } from '../../config/ablations.ts';
import { loadComponents } from '../../config/components.ts';
import { loadGate } from '../../config/gate.ts';
import { loadSchemaDifferences } from '../../config/schema-differences.ts';
import { loadSelfCheck } from '../../config/self-check.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { renderMigrationPage } from '../../report/migration-page.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly check?: true;
  readonly scan: readonly string[];
  readonly schemas?: string;
  readonly out?: string;
}

export const command: Command = {
  summary: 'write what the migration of gate.yaml meets, does and brings: docs/migration-<from>-<to>.md',
  configure: (command, action) =>
    command
      .option('--check', 'write nothing; say whether the page is current')
      .option('--scan <path...>', 'Python to look for uses of what changed in', ['fixtures'])
      .option('--schemas <file>', 'the listed differences of `schema-diff`')
      .option('--out <file>', 'the page')
      .addHelpText(
        'after',
        '\nExit code: 0 written or current, 1 not current. Nothing is executed but both versions imported.',
      )
      .action(action((context, options) => migrationReport(context, options as Options))),
};

async function migrationReport(context: CommandContext, options: Options): Promise<number> {
  const { root, json } = context;
  const page = await pageOf(context, options);
  const file = options.out ?? path.join('docs', `migration-${page.from}-${page.to}.md`);
  const text = renderMigrationPage(page);
  if (options.check) {
    const current = (await readFile(path.join(root, file), 'utf8').catch(() => null)) === text;
    if (json) context.out(JSON.stringify({ file, current }));
    else
      context.out(current ? `${file} is current` : `${file} is not current: run the command without --check`);
    return current ? 0 : 1;
  }
  await writeAtomically(path.join(root, file), text);
  context.out(json ? JSON.stringify({ file, page }) : `${file} is written`);
  return 0;
}

async function pageOf({ root, signal, note }: CommandContext, { scan, schemas }: Options) {
  const { compareVersions } = await import('../../migration/compare.ts');
  const { Scanner } = await import('../../migration/scan.ts');
  const { scanPaths } = await import('../../migration/scan-paths.ts');
  const { environments } = await loadGate(root);
  const comparison = await compareVersions({
    root,
    from: environments.baseline,
    to: environments.candidate,
    signal,
    note,
  });
  const scanner = new Scanner(comparison, { signal, defaults: false });
  const { read, rows } = await scanPaths(scanner, {
    paths: scan.map((one) => path.join(root, one)),
    fix: 'no',
    cwd: root,
  });
  const unread = rows.find(({ fault }) => fault !== null);
  if (unread !== undefined) {
    throw new ConstitutionError('CX-MIGRATION-UNREADABLE', `${unread.file} cannot be read`, {
      place: { file: unread.file },
      hint: 'See `vitest-constitution scan` for the reason; a page that leaves it out would be wrong.',
    });
  }
  const [listed, components, ablations, selfCheck] = await Promise.all([
    schemas === undefined ? null : loadSchemaDifferences(root, schemas),
    loadComponents(root),
    loadAblations(root),
    loadSelfCheck(root),
  ]);
  return {
    package: comparison.before.package,
    from: comparison.before.version,
    to: comparison.after.version,
    changes: comparison.changes,
    hints: comparison.hints,
    scanned: { paths: scan, files: read },
    uses: rows.filter(({ findings }) => findings.length > 0),
    schemas: listed,
    components,
    ablations,
    selfCheck,
  };
}
