import type { PredictorSchema } from './pipeline-schema.ts';

/** What the baseline did for one case, over its repeats. */
export interface BaselineCase {
  /** Outcome of each repeat, 0..1. */
  readonly outcomes: readonly number[];
  /** SHA-256 of each repeat's output. */
  readonly outputHashes: readonly string[];
  /** Mean tokens (input + output), calls and modelled LM time (milliseconds) of a run. */
  readonly tokens: number;
  readonly calls: number;
  readonly modelledLmMs: number | null;
}

/** `eval/baseline.json`: the frozen reference that tests assert against and that detects drift. */
export interface Baseline {
  readonly format: 1;
  readonly createdAt: string;
  readonly environment: {
    readonly name: string;
    readonly dspy: string;
    readonly python: string;
    readonly lockSha256: string;
  };
  readonly model: { readonly id: string; readonly sha256: string | null };
  /** SHA-256 over everything the baseline was made from: its own pipelines, bugs, settings and recordings. */
  readonly sourcesSha256: string;
  /** By `<role>/<case>`. */
  readonly cases: Readonly<Record<string, BaselineCase>>;
  /** Signatures by pipeline. */
  readonly schemas: Readonly<Record<string, readonly PredictorSchema[]>>;
}
