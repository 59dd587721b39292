import type { Ledger } from '../../gateway/ledger/ledger.ts';
import type { CommandContext } from '../command.ts';
import type { OptimizePlan } from './plan.ts';
import { progressLine } from './text.ts';
import { readProgress } from './work-folder.ts';

/** How often progress is looked at. */
const PROGRESS_MS = 2_000;

/** Tells how far the optimizer has come, whenever that has changed, until the returned function is called. */
export function showProgress(
  { note }: Pick<CommandContext, 'note'>,
  { budget, folder }: OptimizePlan,
  ledger: Ledger,
): () => void {
  let last = '';
  const timer = setInterval(async () => {
    const line = progressLine(ledger.state, budget, await readProgress(folder).catch(() => null));
    if (line !== last) note(line);
    last = line;
  }, PROGRESS_MS);
  return () => clearInterval(timer);
}
