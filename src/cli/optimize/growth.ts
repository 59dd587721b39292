import { readFile } from 'node:fs/promises';
import type { OptimizationGrowth } from '../../config/pipeline-growth.ts';
import { hashJson, type Json } from '../../core/json.ts';
import { judgeGrowth } from '../../core/pipeline-growth.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { PairedRow } from '../../core/verdict/paired-row.ts';
import { type ProgramRun, type RolloutFacts, rollouts } from './rollouts.ts';
import { filesOf } from './work-folder.ts';

/**
 * What the best program uses more than the pipeline as it was, over the bugs of the validation split, by the runs that
 * scored both: no call is made for it. Null where this process has not scored both (after `--resume` it has not), and where
 * nothing better was found.
 */
export async function growthOfBest(facts: RolloutFacts): Promise<OptimizationGrowth | null> {
  const { plan } = facts;
  const saved = await readFile(filesOf(plan.folder).program, 'utf8').catch(() => null);
  const runs = rollouts(facts);
  // Of all runs the first one is certain to be of the pipeline as it was. A file that has begun anew does not hold it.
  const first = runs.find(({ number }) => number === 1);
  if (saved === null || first === undefined) return null;
  const bugs = plan.validation.map(({ id }) => id);
  const best = fingerprint(JSON.parse(saved) as Record<string, Saved>);
  const rows = (figure: (run: PipelineRun) => number): PairedRow[] => {
    const of = (program: string, bug: string) => figuresOf(runs, program, bug, figure);
    return bugs.map((bug) => ({
      role: plan.role,
      bug,
      baseline: of(first.program, bug),
      candidate: of(best, bug),
    }));
  };
  const tokens = rows(({ usage }) => usage.inputTokens + usage.outputTokens);
  const isWhole = tokens.every(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0);
  if (!isWhole || best === first.program) return null;
  const { rateCard, budget } = plan;
  const { pipeline } = budget;
  const latency = rateCard && rows(({ latency: { modelledLmMs, cpuMs } }) => (modelledLmMs ?? 0) + cpuMs);
  return {
    tokens: judgeGrowth('tokens', tokens, pipeline.tokens, GROWTH_SEED),
    latency: latency && judgeGrowth('latency', latency, pipeline.latency, GROWTH_SEED),
  };
}

/** Of the intervals: the same runs are told the same. */
const GROWTH_SEED = 'optimize';

interface Saved {
  readonly signature?: { readonly instructions: string };
  readonly demos?: Json;
}

/** As the worker makes it of a program that runs. */
function fingerprint(program: Readonly<Record<string, Saved>>): string {
  const changed = Object.entries(program).flatMap(([name, { signature, demos }]): [string, Json][] =>
    signature === undefined ? [] : [[name, [signature.instructions, demos ?? []]]],
  );
  return hashJson(Object.fromEntries(changed));
}

function figuresOf(
  runs: readonly ProgramRun[],
  program: string,
  bug: string,
  figure: (run: PipelineRun) => number,
): number[] {
  const own = runs.filter(
    ({ run, program: its }) => its === program && run.case === bug && run.status === 'ok',
  );
  return own.map(({ run }) => figure(run));
}
