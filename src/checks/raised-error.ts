import type { PipelineRun } from '../core/pipeline-run.ts';

/** The worker says `The pipeline raised RateLimitError: slow down`. */
const RAISED = /^The pipeline raised (\w+)/;

/** Name of the class of what a pipeline raised; null where the run failed in another way, or not at all. */
export function raisedClass({ error }: PipelineRun): string | null {
  if (error?.code !== 'CX-PIPELINE-RAISED') return null;
  return RAISED.exec(error.message)?.[1] ?? null;
}
