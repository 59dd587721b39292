import path from 'node:path';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { readRecording } from '../../gateway/recording-file.ts';
import { renderFailures } from '../../report/failures.ts';
import { type ExplainedRun, renderWhy } from '../../report/why.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'show what both arms did with one seeded bug, and where they part',
  configure: (command, action) =>
    command
      .argument('<bug>', 'a seeded bug, as <id> or <role>/<id>')
      .option('--full', 'show prompts and answers whole')
      .action(action((context, bug, options) => why(context, String(bug), options as { full?: boolean }))),
};

async function why(context: CommandContext, bug: string, options: { full?: boolean }): Promise<number> {
  const { runGate } = await import('../../vitest/gate/run-gate.ts');
  const { root, note, signal } = context;
  const { result } = await runGate({ root, note, signal, mode: 'replay', bugs: [bug] });
  const runs = result.tests.flatMap((test) => test.meta?.runs ?? []);
  const explained = await Promise.all(runs.map((run) => explain(root, run)));
  if (context.json) {
    context.out(JSON.stringify(explained));
  } else {
    const { color } = context;
    const failures = renderFailures(result.tests, { color });
    if (explained.length > 0) context.out(renderWhy(bug, explained, { color, ...options }));
    if (failures !== '') context.out(failures);
  }
  return result.tests.some((test) => test.errors.some((error) => error.code !== null)) ? 3 : 0;
}

async function explain(root: string, run: PipelineRun): Promise<ExplainedRun> {
  if (run.recording === null) return { run, exchanges: [] };
  const tape = await readRecording(path.join(root, 'eval', 'recordings', run.recording.path), root);
  return { run, exchanges: tape?.recording.exchanges ?? [] };
}
