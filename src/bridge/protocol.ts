import type { Json, JsonObject } from '../core/json.ts';

/** Version of the messages below; the worker refuses another one. */
export const PROTOCOL_VERSION = 1;

/** Names a callable in a user's Python code: the folder put on `sys.path`, and `package.module:attribute`. */
export interface PythonEntry {
  /** Absolute folder. */
  readonly root: string;
  readonly entry: string;
}

/** `initialize` answer: who is at the other end. */
export interface WorkerIdentity {
  readonly protocol: number;
  readonly pid: number;
  /** Full version, e.g. `3.11.7`. */
  readonly python: string;
  /** Installed DSPy version. */
  readonly dspy: string;
}

/** Where a run's LM calls go. */
export interface LmTarget {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  /** Per-run bearer token; it names the run at the gateway. */
  readonly token: string;
  /** Model name as the endpoint knows it. */
  readonly model: string;
  /** `temperature`, `max_tokens`, `seed`, ...: passed to `dspy.LM`. */
  readonly parameters: JsonObject;
}

/** `run`: build the program with `entry(**params)` and call it with `inputs` as keyword arguments. */
export interface RunParams extends PythonEntry {
  readonly runId: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly lm: LmTarget | null;
}

/** One module call inside a run, outermost first; milliseconds from the start of the run. */
export interface Stage {
  /** Class name of the module, or the name given by the pipeline. */
  readonly name: string;
  readonly depth: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface RunAnswer {
  /** The prediction's fields (`Prediction.toDict()`), or the JSON value that the program returned. */
  readonly output: Json;
  readonly stages: readonly Stage[];
  /** CPU time of the child and of processes it waited for, in milliseconds. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** A seeded bug as an optimizer sees it: `case` is its absolute folder. */
export interface OptimizeCase {
  readonly case: string;
  readonly inputs: JsonObject;
}

/**
 * `optimize`: look with an optimizer of DSPy for a better form of the program that `entry(**params)` builds. Answers with
 * nothing: what it finds is in `folder`, at any moment.
 */
export interface OptimizeParams extends PythonEntry {
  readonly runId: string;
  readonly params: JsonObject;
  /** `package.module:function`, called as `judge(case, inputs, output)`; answers a score in 0..1 and a feedback. */
  readonly judge: string;
  readonly lm: LmTarget;
  /** Module of `constitution_optimizer.optimizers`. */
  readonly optimizer: string;
  readonly reflectionLm: LmTarget;
  /** What answers in its place where it is not null: failure kinds with what may be proposed against them. */
  readonly catalogue: readonly JsonObject[] | null;
  readonly train: readonly OptimizeCase[];
  readonly validation: readonly OptimizeCase[];
  /** Absolute; of an optimization that was stopped, its state is gone on from. */
  readonly folder: string;
  readonly seed: number;
  /** Answers after which GEPA itself ends; it overshoots. */
  readonly maxEvaluations: number;
  /** Bugs that one reflection is made from. */
  readonly minibatch: number;
  readonly threads: number;
}

/** `score`: call `entry(case, output)`; `case` is the absolute folder of a seeded bug. */
export interface ScoreParams extends PythonEntry {
  readonly case: string;
  readonly output: Json;
}

export interface ScoreAnswer {
  /** Quality in 0..1. */
  readonly outcome: number;
  /** Broken rules by kind. */
  readonly violations: Readonly<Record<string, number>>;
  /** What a person reads to understand the outcome; at most 2,000 characters. */
  readonly detail: string;
}

/** `schema`: the signatures of a pipeline's predictors, built but not run. */
export interface SchemaParams extends PythonEntry {
  readonly params: JsonObject;
}

export interface FieldSchema {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** The annotation as Python prints it, e.g. `list[str]`. */
  readonly type: string;
  readonly description: string;
}

export interface SignatureSchema {
  /** Path of the predictor inside the program, e.g. `repair.predict`. */
  readonly predictor: string;
  readonly instructions: string;
  readonly fields: readonly FieldSchema[];
}

export interface SchemaAnswer {
  readonly signatures: readonly SignatureSchema[];
}
