import path from 'node:path';
import { loadGate } from '../../config/gate.ts';
import { SELF_CHECK_FILE } from '../../config/self-check.ts';
import { selfCheckOf } from '../../core/self-check.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { renderSelfCheck } from '../../report/self-check.ts';
import { exhibitSources, judgedMode, recordVariants } from '../../vitest/gate/exhibits.ts';
import { judgeSelf } from '../../vitest/gate/judge.ts';
import { forgetKept } from '../../vitest/gate/kept-runs.ts';
import { secondSession } from '../../vitest/gate/planned-arm.ts';
import { runGate } from '../../vitest/gate/run-gate.ts';
import type { CommandContext } from '../command.ts';
import { brokenRun } from './broken-run.ts';
import { type GateCommandOptions, gateOptions, isOfAllBugs, secondPass } from './options.ts';

/**
 * Compares the baseline with a second session of itself, and writes down what the verdict was. The exit code is 0 where it
 * was right, 1 where it was false, 3 where nothing could be judged.
 */
export async function selfCheck(context: CommandContext, options: GateCommandOptions): Promise<number> {
  const { root, color } = context;
  const settings = await loadGate(root);
  const variants = [secondSession(settings)];
  const asked = gateOptions(context, options);
  const recorded = await recordVariants(asked, settings, variants);
  const broken = recorded && brokenRun(context, recorded);
  if (broken) return broken;
  const mode = judgedMode(options.lm);
  const run = await runGate({
    ...(recorded ? secondPass(asked) : asked),
    mode,
    arms: ['baseline'],
    variants,
  });
  const notJudged = brokenRun(context, run);
  if (notJudged) return notJudged;
  const check = selfCheckOf(judgeSelf(run, mode, new Date()), await exhibitSources(root, run.gate));
  if (isOfAllBugs(options)) {
    await writeAtomically(path.join(root, SELF_CHECK_FILE), `${JSON.stringify(check, null, 2)}\n`);
    await forgetKept(root);
  }
  context.out(context.json ? JSON.stringify(check) : renderSelfCheck(check, { color }));
  return check.wrong ? 1 : 0;
}
