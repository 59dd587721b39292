import { ConstitutionError } from '../errors.ts';
import type { Arm, PipelineRun } from '../pipeline-run.ts';
import { bugKey, type PairedRow } from './paired-row.ts';

/** An errored run, as it is listed beside the verdict. */
export interface RunError {
  readonly run: string;
  readonly role: string;
  readonly bug: string;
  readonly arm: Arm;
  readonly code: string;
  readonly message: string;
  /** True where the pipeline is to blame; false where the run measured nothing (infrastructure). */
  readonly ofPipeline: boolean;
}

/** Runs of seeded bugs, brought into pairs. */
export interface PairedRuns {
  /** Bugs with a scored run in both arms; an errored run counts as outcome 0. */
  readonly outcomes: readonly PairedRow[];
  /** Keys of bugs that lack a scored run of an arm. */
  readonly incomplete: readonly string[];
  readonly errors: readonly RunError[];
}

/** All runs of one bug, in the order of their repeats. */
export interface BugRuns {
  readonly role: string;
  readonly bug: string;
  readonly baseline: readonly PipelineRun[];
  readonly candidate: readonly PipelineRun[];
}

/** Errors that a pipeline brings on itself, beside the codes that begin with `CX-BUDGET-`. */
const PIPELINE_FAULTS: ReadonlySet<string> = new Set([
  'CX-PIPELINE-RAISED',
  'CX-PIPELINE-OUTPUT',
  'CX-RUN-TIMEOUT',
  'CX-WORKER-DIED',
]);

/** Whether an errored run says something about the pipeline; every other code is infrastructure. */
export function isPipelineFault(code: string): boolean {
  return PIPELINE_FAULTS.has(code) || code.startsWith('CX-BUDGET-');
}

/** Groups runs by bug, bugs and repeats in order. Throws `CX-VERDICT-INPUT` for a repeat that occurs twice. */
export function groupRuns(runs: readonly PipelineRun[]): BugRuns[] {
  const groups = new Map<
    string,
    { role: string; bug: string; baseline: PipelineRun[]; candidate: PipelineRun[] }
  >();
  for (const run of runs) {
    const key = bugKey({ role: run.role, bug: run.case });
    let group = groups.get(key);
    if (group === undefined) {
      group = { role: run.role, bug: run.case, baseline: [], candidate: [] };
      groups.set(key, group);
    }
    if (group[run.arm].some((other) => other.repeat === run.repeat)) {
      throw new ConstitutionError('CX-VERDICT-INPUT', `run ${run.id} occurs twice`, {
        hint: 'Give every repeat of a bug its own number.',
        details: { run: run.id },
      });
    }
    group[run.arm].push(run);
  }
  const ordered = [...groups.keys()]
    .sort()
    .map((key) => groups.get(key))
    .filter((group) => group !== undefined);
  for (const group of ordered) {
    group.baseline.sort((a, b) => a.repeat - b.repeat);
    group.candidate.sort((a, b) => a.repeat - b.repeat);
  }
  return ordered;
}

/**
 * The rows a verdict is judged by. A run that erred is an outcome of 0 and listed, never dropped; a bug with an
 * arm that has no run, or a run nobody scored, is incomplete.
 */
export function pairOutcomes(bugs: readonly BugRuns[]): PairedRuns {
  const outcomes: PairedRow[] = [];
  const incomplete: string[] = [];
  for (const group of bugs) {
    const baseline = group.baseline.map(outcomeOf);
    const candidate = group.candidate.map(outcomeOf);
    if (isScored(baseline) && isScored(candidate)) {
      outcomes.push({ role: group.role, bug: group.bug, baseline, candidate });
    } else {
      incomplete.push(bugKey(group));
    }
  }
  return { outcomes, incomplete, errors: bugs.flatMap(errorsOf) };
}

function outcomeOf(run: PipelineRun): number | null {
  return run.status === 'error' ? 0 : run.outcome;
}

function isScored(outcomes: readonly (number | null)[]): outcomes is readonly number[] {
  return outcomes.length > 0 && outcomes.every((outcome) => outcome !== null);
}

function errorsOf({ role, bug, baseline, candidate }: BugRuns): RunError[] {
  return [...baseline, ...candidate]
    .filter((run) => run.status === 'error')
    .map((run) => {
      const { code, message } = run.error ?? { code: 'CX-INTERNAL', message: 'The run has no error record.' };
      return { run: run.id, role, bug, arm: run.arm, code, message, ofPipeline: isPipelineFault(code) };
    });
}

/** One figure of every run, for the bugs that have runs in both arms. Errored runs count with what they used. */
export function pairFigures(bugs: readonly BugRuns[], figure: (run: PipelineRun) => number): PairedRow[] {
  return bugs
    .filter(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0)
    .map(({ role, bug, baseline, candidate }) => ({
      role,
      bug,
      baseline: baseline.map(figure),
      candidate: candidate.map(figure),
    }));
}

/** Input and output tokens of a run. */
export function tokensOf(run: PipelineRun): number {
  return run.usage.inputTokens + run.usage.outputTokens;
}

/** Where the LM's part of a latency comes from. */
export type LatencyBasis = 'modelled' | 'recorded';

/** Modelled where every run has a modelled time, recorded else: the two are never mixed. */
export function latencyBasis(bugs: readonly BugRuns[]): LatencyBasis {
  const isModelled = (run: PipelineRun) => run.latency.modelledLmMs !== null;
  return bugs.every(({ baseline, candidate }) => [...baseline, ...candidate].every(isModelled))
    ? 'modelled'
    : 'recorded';
}

/** Latency of a run in milliseconds: LM time along the critical path plus CPU time outside the LM. */
export function latencyOf(run: PipelineRun, basis: LatencyBasis): number {
  const { modelledLmMs, recordedLmMs, cpuMs } = run.latency;
  return (basis === 'modelled' ? (modelledLmMs ?? recordedLmMs) : recordedLmMs) + cpuMs;
}

/** Broken rules by kind over the runs of one arm. */
export function countViolations(runs: readonly PipelineRun[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const run of runs) {
    for (const [kind, count] of Object.entries(run.violations)) counts[kind] = (counts[kind] ?? 0) + count;
  }
  return counts;
}
