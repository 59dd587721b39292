import type { PlannedFault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';

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
  /** Faults that the gateway puts in the place of answers; such a run has a recording of its own. */
  readonly faults?: readonly PlannedFault[];
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
