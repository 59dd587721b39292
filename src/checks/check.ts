import type { OptionSpecs } from '../core/article.ts';
import type { Baseline } from '../core/baseline.ts';
import type { CheckResult } from '../core/finding.ts';
import type { JsonObject } from '../core/json.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';

/** What a check may look at after a test has ended, its hooks included. */
export interface CheckInput {
  /** Wall time of the test with its `beforeEach` and `afterEach` hooks, in milliseconds. */
  readonly durationMs: number;
  /** True for the first test of a file, which pays for what the file loads lazily. */
  readonly firstOfFile: boolean;
  /** Runs of pipelines in this test, oldest first. */
  readonly runs: readonly PipelineRun[];
  /** Signatures of pipelines read in this test. */
  readonly schemas: readonly PipelineSchema[];
  /** The frozen reference; null where the project has none. */
  readonly baseline: Baseline | null;
}

/** A named rule that articles use. One file each in `builtin/`, named as the file. */
export interface Check {
  /** One sentence: what it guards. */
  readonly description: string;
  readonly options: OptionSpecs;
  /** What the check needs in a test to say anything: nothing, runs of a pipeline, or signatures. */
  readonly needs: 'test' | 'runs' | 'schemas';
  /** Codes of the findings it can make, with what each one means. */
  readonly codes: Readonly<Record<string, string>>;
  /** Pure and synchronous; an empty list means that the rule is kept. Options come complete and validated. */
  run(input: CheckInput, options: JsonObject): CheckResult[];
}
