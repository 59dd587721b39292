import path from 'node:path';
import { OVERHEAD_LIMIT } from '../../core/eval-report.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { percentInterval, signedPercent } from '../../report/format.ts';
import { integer } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'measure what the plugin costs your suite, in interleaved pairs of runs with and without it',
  configure: (command, action) =>
    command
      .argument('[vitest arguments...]', 'passed on to vitest, e.g. a filter; options after --')
      .option('--pairs <n>', 'pairs of runs that count', integer(2, 100), 5)
      .addHelpText(
        'after',
        '\nExit code: 0 where the whole 95 % interval is within 5 %, 1 where all of it is above, 2 where 5 % lies inside it.' +
          '\nThe reporter shows the latest result; the gate fails where all of the interval is above 5 %.',
      )
      .action(
        action((context, args, options) => overhead(context, args as string[], options as { pairs: number })),
      ),
};

async function overhead(
  context: CommandContext,
  args: readonly string[],
  { pairs }: { readonly pairs: number },
): Promise<number> {
  const { measureOverhead } = await import('../../vitest/overhead/measure.ts');
  const { OVERHEAD_FILE } = await import('../../vitest/overhead-file.ts');
  const { root, note, signal } = context;
  const measured = await measureOverhead({ root, pairs, args, note, signal });
  await writeAtomically(path.join(root, OVERHEAD_FILE), `${JSON.stringify(measured, null, 2)}\n`);
  const { ratio, interval, basis } = measured;
  const exitCode = interval.upper <= OVERHEAD_LIMIT ? 0 : interval.lower > OVERHEAD_LIMIT ? 1 : 2;
  const verdict = ['within the limit', 'beyond the limit', 'undecided: more pairs would tell'][exitCode];
  const figures = `${signedPercent(ratio, 1)} ${percentInterval(interval, 1)} of ${signedPercent(OVERHEAD_LIMIT)}`;
  context.out(
    context.json
      ? JSON.stringify({ ...measured, limit: OVERHEAD_LIMIT, exitCode })
      : `overhead ${figures} (${basis} time, ${pairs} pairs): ${verdict}`,
  );
  return exitCode;
}
