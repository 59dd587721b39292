import path from 'node:path';
import type { KnownLint, NewLint } from '../../checks/lint/known.ts';
import type { LintReport } from '../../checks/lint/sarif.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { count } from '../../report/format.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly update?: boolean;
  readonly articles: string;
}

/** What one linter found, against what is known of it. */
interface Row {
  readonly tool: string;
  readonly found: number;
  readonly new: readonly NewLint[];
  /** Known violations that are gone. */
  readonly gone: number;
}

export const command: Command = {
  summary: 'run the linters that the articles name, and compare with what is known',
  configure: (command, action) =>
    command
      .option('--update', 'accept what they find now; the file that is written is to be committed')
      .option('--articles <folder>', 'folder of the articles', 'constitution')
      .addHelpText('after', '\nExit code: 0 nothing new, 1 something new, 3 a linter gives no report.')
      .action(action((context, options) => lint(context, options as Options))),
};

async function lint(context: CommandContext, { update = false, articles }: Options): Promise<number> {
  const { root, json, out } = context;
  const reports = await runAll(context, articles);
  const rows: Row[] = [];
  for (const [file, ofFile] of reports) rows.push(...(await compare(root, file, ofFile, update)));
  if (json) out(JSON.stringify({ updated: update, linters: rows }));
  else out(rows.flatMap((row) => linesOf(row, update)).join('\n'));
  return update || rows.every((row) => row.new.length === 0) ? 0 : 1;
}

/** What the linters of all articles find: by the file of what is known, then by the linter. */
async function runAll(
  context: CommandContext,
  articles: string,
): Promise<Map<string, Map<string, LintReport>>> {
  const { LinterFailed, runLinter } = await import('../../checks/lint/run-linter.ts');
  const reports = new Map<string, Map<string, LintReport>>();
  for (const use of await usesIn(context.root, articles)) {
    const command = (use['command'] as string[] | undefined) ?? [];
    context.note(`${command.join(' ')} …`);
    const report = await runLinter(context.root, command, Number(use['seconds'])).catch((error: unknown) => {
      if (!(error instanceof LinterFailed)) throw error;
      throw new ConstitutionError(
        'CX-LINT-FAILED',
        `no report of the linter "${command.join(' ')}": ${error.message}`,
        {
          hint: 'Run the command by itself: it has to print SARIF 2.1.0 on standard output.',
        },
      );
    });
    const file = String(use['known']);
    const ofFile = reports.get(file) ?? new Map<string, LintReport>();
    // Several commands of one linter look at different files.
    const violations = [...(ofFile.get(report.tool)?.violations ?? []), ...report.violations];
    reports.set(file, ofFile.set(report.tool, { tool: report.tool, violations }));
  }
  return reports;
}

/** Options of each use of the check; its own default values are filled in. */
async function usesIn(root: string, folder: string): Promise<JsonObject[]> {
  const { DECLARATIONS } = await import('../../checks/declarations.ts');
  const { loadArticles } = await import('../../config/articles.ts');
  const vocabulary = { checks: DECLARATIONS, checkPredicate: () => null, anyProjectCheck: true } as const;
  const loaded = await loadArticles(path.join(root, folder), vocabulary, { root });
  const uses = loaded.flatMap(({ checks }) =>
    checks.flatMap((use) => ('uses' in use && use.uses === 'no-new-lint' ? [use.with] : [])),
  );
  if (uses.length > 0) return uses;
  throw new ConstitutionError('CX-CONFIG-REFERENCE', `no article in ${folder}/ uses no-new-lint`, {
    hint: 'Add `- uses: no-new-lint` with `with: { command: [...] }` to an article.',
  });
}

async function compare(
  root: string,
  file: string,
  reports: ReadonlyMap<string, LintReport>,
  update: boolean,
): Promise<Row[]> {
  const { countLint, goneLint, newLint } = await import('../../checks/lint/known.ts');
  const known = await readKnown(root, file, update);
  const rows = [...reports.values()].map((report): Row => {
    const { tool, violations } = report;
    return { tool, found: violations.length, new: newLint(report, known), gone: goneLint(report, known) };
  });
  if (update) {
    const counts = [...reports.values()].map((report) => [report.tool, countLint(report)] as const).sort();
    const text = JSON.stringify(
      { format: 1, linters: Object.fromEntries(counts) } satisfies KnownLint,
      null,
      2,
    );
    await writeAtomically(path.join(root, file), `${text}\n`);
  }
  return rows;
}

/** A broken file is no hindrance to writing it anew. */
async function readKnown(root: string, file: string, update: boolean): Promise<KnownLint | null> {
  const { readKnownLint } = await import('../../checks/lint/known.ts');
  try {
    return await readKnownLint(path.join(root, file));
  } catch (error) {
    if (update) return null;
    throw new ConstitutionError('CX-CONFIG-INVALID', (error as Error).message, {
      place: { file },
      hint: 'Write it anew with `vitest-constitution lint --update`, and look at what changed.',
    });
  }
}

function linesOf({ tool, found, new: fresh, gone }: Row, update: boolean): string[] {
  if (update) return [`${tool}: ${count(found, 'violation')} known from now on`];
  const renew = gone === 0 ? '' : `, ${gone} known ones are gone: \`lint --update\` keeps them away`;
  return [
    `${tool}: ${count(found, 'violation')}, ${fresh.length === 0 ? 'none new' : `new in ${count(fresh.length, 'place')}`}${renew}`,
    ...fresh.map(
      ({ file, rule, count: times, known, line }) =>
        `  ${file}${line === null ? '' : `:${line}`} ${rule}: ${times}, ${known} known`,
    ),
  ];
}
