import { test as base, expect } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';
import { DspyRuns } from './dspy-runs.ts';
import { toMatchBaseline, toStayWithinBudget } from './matchers.ts';
import type { TaskWithMeta } from './meta.ts';

/** A run of a pipeline as a test asks for it. */
export interface DspyRequest {
  /** Name in `fixtures/pipelines.yaml`. */
  readonly pipeline: string;
  /** Default: the environment of the arm that `gate.yaml` gives the pipeline. */
  readonly environment?: string;
  /** A seeded bug, as `<role>/<id>`: its visible fields are the inputs, and its scorer judges the output. */
  readonly bug?: string;
  /** Inputs of a run that is not about a seeded bug. */
  readonly inputs?: JsonObject;
  /** Names the recording of a run that is not about a seeded bug. */
  readonly case?: string;
  /** 0-based sample number. Default 0. */
  readonly repeat?: number;
}

/** The `dspy` fixture: real DSPy in its own environment, LM calls through the gateway. */
export interface Dspy {
  /**
   * @throws ConstitutionError for anything that is not the pipeline's doing; a pipeline that fails is a run with the
   *   status `error`.
   */
  run(request: DspyRequest): Promise<PipelineRun>;
  /** The signatures of a pipeline's predictors. */
  schema(pipeline: string, environment?: string): Promise<PipelineSchema>;
}

/** Vitest's `test` with the `dspy` fixture. */
export const test = base.extend<{ dspy: Dspy }>({
  dspy: async ({ task }, use) => {
    await use(new DspyRuns(task as unknown as TaskWithMeta));
  },
});

expect.extend({ toMatchBaseline, toStayWithinBudget });

export { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
export { expect };
