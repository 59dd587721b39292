import type { CaseOutput, CaseRun, Parting, ReportCase } from './eval-report.ts';
import type { Json } from './json.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { type Change, changeOf, isFlaky } from './verdict/migration.ts';
import { type BugRuns, pairOutcomes } from './verdict/runs.ts';

/** Shows how two outputs differ, for people. */
export type DiffOutputs = (baseline: Json, candidate: Json) => string;

/** A bug's rows in the report: every run, what the arms answered, and where they part. */
export function reportCase(
  bug: BugRuns,
  { split, judged, diff }: { split: string; judged: boolean; diff: DiffOutputs | undefined },
): ReportCase {
  const [row] = pairOutcomes([bug]).outcomes;
  const change = row === undefined ? null : changeOf(row);
  return {
    role: bug.role,
    bug: bug.bug,
    split,
    judged,
    change,
    flaky: row !== undefined && isFlaky(row),
    parting: change === null || diff === undefined ? null : partingOf(bug, change, diff),
    outputs: outputsOf([...bug.baseline, ...bug.candidate]),
    baseline: bug.baseline.map(reportRun),
    candidate: bug.candidate.map(reportRun),
  };
}

/** What was answered, each output once: repeats often agree. */
function outputsOf(runs: readonly PipelineRun[]): Record<string, CaseOutput> {
  const answered = runs.filter((run) => run.status === 'ok');
  return Object.fromEntries(
    answered.map(({ outputHash, output, detail }): [string, CaseOutput] => [outputHash, { output, detail }]),
  );
}

/** The first repeat whose outcomes differ in the way that the bug as a whole did, and how its outputs differ. */
function partingOf({ baseline, candidate }: BugRuns, change: Change, diff: DiffOutputs): Parting | null {
  if (change === 'kept') return null;
  for (const was of baseline) {
    const is = candidate.find((run) => run.repeat === was.repeat);
    if (is === undefined) continue;
    const gain = outcomeOf(is) - outcomeOf(was);
    if (change === 'won' ? gain > 0 : gain < 0) {
      return { repeat: was.repeat, diff: diff(was.output, is.output) };
    }
  }
  return null;
}

function outcomeOf(run: PipelineRun): number {
  return run.status === 'error' ? 0 : (run.outcome ?? 0);
}

function reportRun(run: PipelineRun): CaseRun {
  return {
    id: run.id,
    repeat: run.repeat,
    status: run.status,
    errorCode: run.error?.code ?? null,
    outcome: run.status === 'error' ? 0 : run.outcome,
    usage: run.usage,
    latency: run.latency,
    violations: run.violations,
    outputHash: run.outputHash,
    recording: run.recording?.path ?? null,
  };
}
