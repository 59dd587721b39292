import path from 'node:path';
import { Option } from 'commander';
import { loadEvalReport } from '../../config/load-eval-report.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { readRecording } from '../../gateway/recording-file.ts';
import { CHANGE_KINDS, type ChangeKind, renderChanges } from '../../report/changes.ts';
import { renderFailures } from '../../report/failures.ts';
import { type ExplainedRun, renderWhy } from '../../report/why.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'show what both arms did with one seeded bug and where they part, or which bugs changed',
  configure: (command, action) =>
    command
      .argument('[bug]', 'a seeded bug, as <id> or <role>/<id>')
      .option('--full', 'show prompts and answers whole')
      .addOption(
        new Option(
          '--changes [kind...]',
          'the bugs of the last report that were won, lost, kept or flaky, with the outputs where the arms part',
        ).choices(CHANGE_KINDS),
      )
      .action(action((context, bug, options) => explainAsked(context, bug, options as Options))),
};

interface Options {
  readonly full?: boolean;
  /** true where no kind is named. */
  readonly changes?: true | readonly ChangeKind[];
}

async function explainAsked(context: CommandContext, bug: unknown, options: Options): Promise<number> {
  if (typeof bug === 'string' && options.changes === undefined) return why(context, bug, options);
  if (bug === undefined && options.changes !== undefined) return changes(context, options.changes);
  throw new ConstitutionError('CX-USAGE', 'why explains one bug, or the changes of the last report', {
    hint: 'Call `why <bug>`, or `why --changes`, or `why --changes lost`.',
  });
}

/** Nothing is run: the report of the last gate has all outputs. */
async function changes({ root, json, color, out }: CommandContext, kinds: true | readonly ChangeKind[]) {
  const report = await loadEvalReport(root);
  const wanted = kinds === true ? CHANGE_KINDS : kinds;
  if (!json) {
    out(renderChanges(report, { color, kinds: wanted }));
    return 0;
  }
  const rows = report.cases.filter(
    (row) =>
      row.judged &&
      ((row.change !== null && wanted.includes(row.change)) || (row.flaky && wanted.includes('flaky'))),
  );
  out(JSON.stringify(rows));
  return 0;
}

async function why(context: CommandContext, bug: string, { full = false }: Options): Promise<number> {
  const { runGate } = await import('../../vitest/gate/run-gate.ts');
  const { root, note, signal, startPython } = context;
  const { result } = await runGate({ root, note, signal, startPython, mode: 'replay', bugs: [bug] });
  const runs = result.tests.flatMap((test) => test.meta?.runs ?? []);
  const explained = await Promise.all(runs.map((run) => explain(root, run)));
  if (context.json) {
    context.out(JSON.stringify(explained));
  } else {
    const { color } = context;
    const failures = renderFailures(result.tests, { color });
    if (explained.length > 0) context.out(renderWhy(bug, explained, { color, full }));
    if (failures !== '') context.out(failures);
  }
  return result.tests.some((test) => test.errors.some((error) => error.code !== null)) ? 3 : 0;
}

async function explain(root: string, run: PipelineRun): Promise<ExplainedRun> {
  if (run.recording === null) return { run, exchanges: [] };
  const tape = await readRecording(path.join(root, 'eval', 'recordings', run.recording.path), root);
  return { run, exchanges: tape?.recording.exchanges ?? [] };
}
