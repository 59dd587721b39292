/** One field of a DSPy signature. */
export interface SchemaField {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** The annotation as Python prints it, e.g. `list[str]`. */
  readonly type: string;
  readonly description: string;
}

/** The signature of one predictor of a pipeline. */
export interface PredictorSchema {
  /** Path of the predictor inside the program, e.g. `repair.predict`. */
  readonly predictor: string;
  readonly instructions: string;
  readonly fields: readonly SchemaField[];
}

/** The signatures of a pipeline as one environment builds them. JSON-safe: it travels in `task.meta`. */
export interface PipelineSchema {
  readonly pipeline: string;
  readonly environment: string;
  readonly signatures: readonly PredictorSchema[];
}
