import type { JsonObject } from './json.ts';

/** A pipeline as `fixtures/pipelines.yaml` declares it. JSON-safe. */
export interface Pipeline {
  readonly name: string;
  readonly role: string;
  /** `package.module:factory`, importable with `fixtures/` as root. */
  readonly entry: string;
  /** Keyword arguments of the factory, beside the call allowance. */
  readonly params: JsonObject;
  /** Fields of a seeded bug that the pipeline is told. */
  readonly inputs: readonly string[];
  /** `package.module:function` that judges an output; null where nothing does. */
  readonly scorer: string | null;
  /** Modules that run, in their order. */
  readonly stages: readonly string[];
  /** Whether it asks a language model; one that does not is given none. */
  readonly lm: boolean;
  /** Time limit of a run, in seconds. */
  readonly seconds: number;
}
