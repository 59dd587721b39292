import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ViolationChecker } from '../src/cli/optimize/check-violation.ts';
import type { OptimizeOptions } from '../src/cli/optimize/options.ts';
import { type OptimizePlan, planOptimization } from '../src/cli/optimize/plan.ts';
import { refuseMisses } from '../src/cli/optimize/replay.ts';
import { type Payment, runOptimizer } from '../src/cli/optimize/run-optimizer.ts';
import { Spending } from '../src/cli/optimize/spending.ts';
import { readOptimizations } from '../src/config/optimizations.ts';
import { packageRoot } from '../src/config/package-root.ts';
import { ConstitutionError } from '../src/core/errors.ts';
import { unlimited } from '../src/gateway/budget.ts';
import { ratioOf } from '../src/vitest/overhead/measure.ts';
import { median } from './lib/median.ts';
import { treeCpuMs } from './lib/tree-cpu.ts';

const PAIRS = 12;
const ROLE = 'planner';

/**
 * What metering and enforcement cost a whole optimization: the replay of the recorded one of a role, with GEPA and Python, by
 * runs that pay from a ledger and by runs that do not, in interleaved pairs. A replay waits for no model, so it is the
 * smallest optimization there is to add something to; what the same adds to the run that was recorded, with its model, is
 * told as well. CPU time is what is compared: other work on the machine does not count.
 *
 * @returns CPU milliseconds, of all processes, of a replay without a ledger, its start not counted; what a ledger adds to
 *   that, in percent with the 95% interval over pairs, and by LM call, in milliseconds (limit 1; median); and that in percent
 *   of the recorded run's time (limit 5)
 */
export async function benchBudgetOptimization(): Promise<Record<string, number>> {
  const root = packageRoot();
  const made = readOptimizations(root).find(({ role, optimizer }) => role === ROLE && optimizer === 'gepa');
  if (made === undefined)
    throw new ConstitutionError('CX-INTERNAL', `no optimization of ${ROLE} is recorded`);
  const { judge, train, validation, minibatch } = made.asked;
  const options: OptimizeOptions = {
    lm: 'replay',
    seed: made.seed,
    threads: 2,
    minibatch,
    optimizer: made.optimizer,
    reflector: made.reflector ?? 'lm',
    judge,
    ...(made.budget === null ? {} : { budget: made.budget }),
    ...(train === null ? {} : { train }),
    ...(validation === null ? {} : { validation }),
  };
  const plan = await planOptimization(root, ROLE, options);
  await timed(plan, options, true);
  const pairs: { metered: number; free: number; calls: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    // who goes first changes: the machine may get slower or faster on the way
    const first = pair % 2 === 0;
    const one = await timed(plan, options, first);
    const other = await timed(plan, options, !first);
    const [metered, free] = first ? [one, other] : [other, one];
    pairs.push({ metered: metered.cpuMs, free: free.cpuMs, calls: metered.calls });
  }
  const { ratio, interval } = ratioOf(pairs.map(({ metered, free }) => Math.log(metered / free)));
  const calls = pairs[0]?.calls ?? 0;
  const addedMsOfCall = median(pairs.map((pair) => (pair.metered - pair.free) / pair.calls));
  return {
    calls,
    cpuMsWithout: median(pairs.map(({ free }) => free)),
    addedPercent: 100 * ratio,
    addedPercentLower: 100 * interval.lower,
    addedPercentUpper: 100 * (interval.upper ?? Number.NaN),
    addedMsOfCall,
    addedPercentOfRecordedRun: (100 * addedMsOfCall * calls) / (1000 * made.spent.seconds),
  };
}

/** Replays the optimization once, in a folder of its own. */
async function timed(
  planned: OptimizePlan,
  options: OptimizeOptions,
  metered: boolean,
): Promise<{ cpuMs: number; calls: number }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-optimization-'));
  const plan = { ...planned, folder };
  const quiet = { root: plan.root, note: () => undefined, signal: new AbortController().signal };
  const spending = metered
    ? new Spending(quiet, plan, 'replay', new ViolationChecker(plan, quiet.note))
    : null;
  const payment: Payment =
    spending === null ? { budget: unlimited } : { budget: spending.calls, ledger: plan.role };
  try {
    let cpuMs = Number.NaN;
    const { failure, meters } = await runOptimizer(quiet, plan, options, payment, async (optimizing) => {
      const before = treeCpuMs();
      await optimizing(quiet.signal);
      cpuMs = treeCpuMs() - before;
    });
    if (failure !== null) throw failure;
    for (const meter of meters) refuseMisses(plan.role, meter);
    return { cpuMs, calls: spending?.ledger.state.used.calls ?? 0 };
  } finally {
    spending?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
