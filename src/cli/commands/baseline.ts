import path from 'node:path';
import { writeAtomically } from '../../io/write-atomically.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'the frozen reference that tests assert against',
  configure: (command, action) => {
    command
      .command('update')
      .summary('run the baseline arm over all seeded bugs and write eval/baseline.json')
      .description('Replays the baseline arm over all seeded bugs and writes eval/baseline.json.')
      .action(action((context) => update(context)));
    command
      .command('check')
      .summary('say whether eval/baseline.json is as old as what it was made from')
      .description('Exit code 3 where eval/baseline.json is missing, broken or stale.')
      .action(action((context) => check(context)));
  },
};

async function update(context: CommandContext): Promise<number> {
  const { makeBaseline } = await import('../../vitest/gate/make-baseline.ts');
  const { file, baseline } = await makeBaseline(context.root, context);
  await writeAtomically(path.join(context.root, file), `${JSON.stringify(baseline, null, 2)}\n`);
  const cases = Object.keys(baseline.cases).length;
  context.out(
    context.json
      ? JSON.stringify({ file, cases })
      : `${file}: ${cases} cases of ${baseline.environment.name}`,
  );
  return 0;
}

async function check(context: CommandContext): Promise<number> {
  const { currentBaseline } = await import('../../vitest/gate/current-baseline.ts');
  const baseline = await currentBaseline(context.root);
  const cases = Object.keys(baseline.cases).length;
  context.out(
    context.json
      ? JSON.stringify({ current: true, cases })
      : `eval/baseline.json is current: ${cases} cases of ${baseline.environment.name}, made ${baseline.createdAt}`,
  );
  return 0;
}
