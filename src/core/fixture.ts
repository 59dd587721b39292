import type { PlannedFault } from './fault.ts';
import type { JsonObject } from './json.ts';

/** One run of a pipeline and what is expected of it, as a `*.fixture.yaml` file states it. JSON-safe. */
export interface Fixture {
  /** Unique over the project; it names the test and, without a bug, the recording. */
  readonly name: string;
  /** Name in `fixtures/pipelines.yaml`. */
  readonly pipeline: string;
  /** Name of a Python environment; null for that of the arm which `gate.yaml` gives the pipeline. */
  readonly environment: string | null;
  /** `<role>/<id>` of a seeded bug whose visible fields are the inputs; null where `inputs` are given. */
  readonly bug: string | null;
  /** Keyword arguments of the pipeline; null where a bug is named. */
  readonly inputs: JsonObject | null;
  /** 0-based sample number. */
  readonly repeat: number;
  readonly faults: readonly PlannedFault[];
  readonly expect: FixtureExpectation;
  /** The file, relative to the root, `/` as separator. */
  readonly source: string;
}

/** What must hold of the run; an absent part is not checked. */
export interface FixtureExpectation {
  readonly status: 'ok' | 'error';
  /** Code of the error of a run that is expected to fail. */
  readonly error?: string;
  /** Least quality in 0..1 that the scorer must give. */
  readonly outcome?: { readonly atLeast: number };
  /** The output contains at least this, at every depth; lists are compared whole. */
  readonly output?: JsonObject;
  /** Stages of the run, in this order; others may come between. */
  readonly stages?: readonly string[];
  /** Signatures are the same in all environments and in the baseline. */
  readonly schema?: 'stable';
  /** Largest use of one run. */
  readonly budget?: { readonly calls?: number; readonly tokens?: number };
  /** The outcome is no worse than the baseline's; the output is the same where the pipeline is. */
  readonly matchesBaseline?: true;
  /** Tokens and LM time grow over the baseline no more than `gate.yaml` allows. */
  readonly withinBudget?: true;
  /** Broken rules of the output by kind; every kind that is not named must be absent. */
  readonly violations?: Readonly<Record<string, number>>;
}
