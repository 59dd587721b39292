import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { contextOf, textsByInput } from '../../core/context-use.ts';
import type { FaultKind, InjectedFault } from '../../core/fault.ts';
import { hashJson, type Json } from '../../core/json.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { criticalPathMs, modelledCallMs } from '../../core/rate-card.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { WatchedTexts } from '../../gateway/watched-texts.ts';
import type { CallsByRollout, RolloutCall } from './calls-by-rollout.ts';
import { inputsOf, type OptimizePlan } from './plan.ts';
import { filesOf } from './work-folder.ts';

/** One line of `rollouts.jsonl`, as the worker writes it. */
const rolloutSchema = z.object({
  name: z.string(),
  case: z.string().nullable(),
  program: z.string(),
  stages: z.array(z.string()),
  error: z.string().nullable(),
  cut: z.boolean(),
  output: z.json(),
  cpuMs: z.number(),
  wallMs: z.number(),
});
type Rollout = z.output<typeof rolloutSchema>;

/** Runs that are judged after a violation: those made last. */
const JUDGED = 50;

/** What runs of an optimization are made from, beside what the worker wrote down. */
export interface RolloutFacts {
  readonly plan: OptimizePlan;
  readonly calls: CallsByRollout;
  readonly mode: PipelineRun['mode'];
}

/** A run of the optimization, and the program that it was a run of. */
export interface ProgramRun {
  /** SHA-256 over the instructions and demos of its predictors. */
  readonly program: string;
  /** In the order in which runs of the process began, from 1. The file begins anew when it is full. */
  readonly number: number;
  readonly run: PipelineRun;
}

/** The runs of the pipeline that were made last in this process, oldest first, as articles judge them. */
export function lastRollouts(facts: RolloutFacts): PipelineRun[] {
  return rollouts(facts, JUDGED).map(({ run }) => run);
}

/** The runs of this process, oldest first. */
export function rollouts(facts: RolloutFacts, last = Number.POSITIVE_INFINITY): ProgramRun[] {
  const bugs = new Map(
    [...facts.plan.train, ...facts.plan.validation].map((bug) => [
      path.resolve(facts.plan.root, bug.folder),
      bug,
    ]),
  );
  return linesOf(filesOf(facts.plan.folder).rollouts)
    .slice(-last)
    .flatMap(parsed)
    .flatMap((rollout, index) => {
      const bug = bugs.get(rollout.case ?? '');
      return bug === undefined
        ? []
        : [
            {
              program: rollout.program,
              number: Number(rollout.name.split('-').at(-1)),
              run: pipelineRun(rollout, bug, index, facts),
            },
          ];
    });
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** A line that was cut off by a kill or a full disk is none. */
function parsed(line: string): Rollout[] {
  try {
    return [rolloutSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

function pipelineRun(rollout: Rollout, bug: SeededBug, repeat: number, facts: RolloutFacts): PipelineRun {
  const { plan, mode } = facts;
  const { rateCard } = plan;
  const calls = facts.calls.of(rollout.name).toSorted((a, b) => a.startMs - b.startMs);
  const answered = calls.filter(({ tokens }) => tokens !== null);
  const sum = (kind: 'input' | 'output') =>
    answered.reduce((total, { tokens }) => total + (tokens?.[kind] ?? 0), 0);
  const inputs = inputsOf(plan, bug);
  const watched = new WatchedTexts(textsByInput(inputs));
  for (const { request } of calls) if (request !== null) watched.look(request);
  const output = rollout.output as Json;
  const weighted = (weight: (call: RolloutCall) => number) =>
    criticalPathMs(calls.map((call) => ({ ...call, weightMs: weight(call) })));
  return {
    id: `${plan.role}/${bug.id}/optimize/${repeat}`,
    role: plan.role,
    case: bug.id,
    arm: 'candidate',
    repeat,
    environment: plan.gate.environments.candidate,
    pipeline: plan.pipeline.name,
    status: rollout.error === null ? 'ok' : 'error',
    error: rollout.error === null ? null : { code: 'CX-PIPELINE-RAISED', message: rollout.error },
    output,
    outputHash: hashJson(output),
    outcome: null,
    detail: rollout.error ?? '',
    usage: {
      calls: answered.length,
      inputTokens: sum('input'),
      outputTokens: sum('output'),
      estimated: answered.some(({ usage }) => usage.kind === 'estimated'),
    },
    latency: {
      modelledLmMs:
        rateCard && weighted(({ tokens }) => (tokens === null ? 0 : modelledCallMs(rateCard, tokens))),
      recordedLmMs: weighted(({ latencyMs }) => latencyMs),
      cpuMs: rollout.cpuMs,
      wallMs: rollout.wallMs,
    },
    violations: {},
    stages: rollout.stages,
    workflow: plan.pipeline.stages,
    context: contextOf(inputs, output, { requests: calls.length, watched: watched.counts() }),
    faults: faultsOf(calls).filter(({ recoveredMs }) => recoveredMs !== null || !rollout.cut),
    recording: null,
    model: { id: plan.gate.lm.model, sha256: null },
    recordedAt: null,
    mode,
  };
}

/** Calls that the endpoint failed, as if they were injected: what a pipeline makes of them is the same question. */
function faultsOf(calls: readonly RolloutCall[]): InjectedFault[] {
  return calls.flatMap((failed, call): InjectedFault[] => {
    const kind = faultOf(failed);
    if (kind === null) return [];
    const next = calls.slice(call + 1).find(({ tokens }) => tokens !== null);
    const endMs = failed.startMs + failed.latencyMs;
    return [{ call, kind, recoveredMs: next ? next.startMs + next.latencyMs - endMs : null }];
  });
}

function faultOf({ usage }: RolloutCall): FaultKind | null {
  if (usage.kind === 'unknown') return 'timeout';
  if (usage.kind !== 'none') return null;
  if (usage.status === 429) return 'rate-limit';
  // An endpoint that refuses a request says something of the request, and not of itself.
  return usage.status === 0 || usage.status >= 500 ? 'server-error' : null;
}
