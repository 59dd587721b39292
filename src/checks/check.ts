import type { CheckDeclaration } from '../core/article.ts';
import type { Baseline } from '../core/baseline.ts';
import type { CheckResult, TestIdentity } from '../core/finding.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';
import type { Observations, ProbeName } from './observations.ts';

/** What is known of a test after it has ended, its hooks included. */
export interface TestFacts extends TestIdentity {
  readonly state: 'passed' | 'failed';
  /** Wall time of the test with its `beforeEach` and `afterEach` hooks, in milliseconds. */
  readonly durationMs: number;
  /** True for the first test of a file, which pays for what the file loads lazily. */
  readonly firstOfFile: boolean;
  /** Attempts that failed before this one. */
  readonly retries: number;
  /** Assertions that were evaluated: `expect`, `assert` and chai of vitest. */
  readonly assertions: number;
  /** Another test of the same worker ran at the same time: what is seen of the process may be the other's. */
  readonly overlapped: boolean;
  /** It may run at the same time as others of its file, whether or not one did. */
  readonly concurrent: boolean;
  /** `test.fails`: it passes by failing. */
  readonly expectsFailure: boolean;
  /** How often the test is still to be repeated. */
  readonly repeatsLeft: number;
  readonly tags: readonly string[];
}

/** Values that a test recorded, by name, each as the hash of its canonical JSON. */
export type RecordedValues = Readonly<Record<string, string>>;

/** What a check of a single test may look at. */
export interface TestInput {
  /** Folder of the project, absolute, `/` as separator. */
  readonly root: string;
  readonly test: TestFacts;
  /** Runs of pipelines in this test, oldest first. */
  readonly runs: readonly PipelineRun[];
  /** Signatures of pipelines read in this test. */
  readonly schemas: readonly PipelineSchema[];
  /** The frozen reference; null where the project has none. */
  readonly baseline: Baseline | null;
  /** What the test recorded, and what earlier repeats and attempts of it recorded. */
  readonly values: RecordedValues;
  readonly earlierValues: readonly RecordedValues[];
  /** What the probes that the check asks for have seen. */
  readonly seen: Partial<Observations>;
  /** Text of the test's file, read when it is asked for; null where it cannot be read. */
  source(): string | null;
}

/** A rule about single tests, evaluated in the worker. One file each in `test/`, named as the file. */
export interface TestCheck extends CheckDeclaration {
  /** What a test must have for the check to say anything: the test alone (default), runs, signatures, recorded values. */
  readonly needs?: 'runs' | 'schemas' | 'values';
  /** What has to be watched while the test runs. */
  readonly probes?: readonly ProbeName[];
  /** It compares what a test does twice: tests that record something are repeated where they do not repeat themselves. */
  readonly repeats?: true;
  /** A test that overlapped others cannot be judged by what probes saw, unless the check says that it copes. */
  readonly copesWithOverlap?: true;
  /**
   * Pure and synchronous; an empty list means that the rule is kept, null that it cannot be told: because the test
   * overlapped others, or did what cannot be seen. Options come complete and validated.
   */
  run(input: TestInput, options: JsonObject): readonly CheckResult[] | null;
}

/** A test as the whole run knows it, skipped ones included. */
export interface SuiteTest extends TestIdentity {
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  /** As vitest ran it: `only` is left where the test did not run all the same, as in a skipped suite. */
  readonly mode: 'run' | 'only' | 'skip' | 'todo';
  /** The reason given with a dynamic skip. */
  readonly note: string | null;
  /** Attempts that failed before the one that counts. */
  readonly retries: number;
}

/** What a check of the whole run may look at. */
export interface SuiteInput {
  /** Absolute. */
  readonly root: string;
  /** The test files that the article applies to, relative to the root. */
  readonly files: readonly string[];
  /** The tests that the article applies to. */
  readonly tests: readonly SuiteTest[];
  /** What takes seconds may be done: the whole suite runs, or a whole gate. */
  readonly thorough: boolean;
  /** What {@link SuiteCheck.prepare} returned. */
  readonly prepared: Json;
  /** Text of a file below the root; null where it cannot be read. */
  source(file: string): string | null;
}

/** A result that may point at a test, and at a place. */
export interface SuiteResult extends CheckResult {
  readonly test?: TestIdentity;
  readonly place?: { readonly file: string; readonly line: number };
}

/** A rule about the run as a whole, evaluated in the main process. One file each in `suite/`, named as the file. */
export interface SuiteCheck extends CheckDeclaration {
  /** Called before the first test. */
  prepare?(root: string, options: JsonObject): Promise<Json>;
  /** Called after the last test; an empty list means that the rule is kept. */
  run(input: SuiteInput, options: JsonObject): readonly SuiteResult[] | Promise<readonly SuiteResult[]>;
}
