import type { CheckResult } from '../core/finding.ts';
import type { JsonObject } from '../core/json.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { SuiteInput, SuiteTest, TestCheck, TestFacts, TestInput } from './check.ts';

/** A run that breaks nothing; tests change what they are about. */
export function aRun(changes: Partial<PipelineRun> = {}): PipelineRun {
  return {
    id: 'planner/a/candidate/0',
    role: 'planner',
    case: 'a',
    arm: 'candidate',
    repeat: 0,
    environment: 'dspy-3.0.1',
    pipeline: 'planner-native',
    status: 'ok',
    error: null,
    output: { plan: ['a', 'b'] },
    outputHash: '0'.repeat(64),
    outcome: 1,
    detail: '',
    usage: { calls: 2, inputTokens: 100, outputTokens: 20, estimated: false },
    latency: { modelledLmMs: 300, recordedLmMs: 310, cpuMs: 20, wallMs: 40 },
    violations: {},
    stages: [],
    workflow: [],
    context: {},
    faults: [],
    recording: null,
    model: { id: 'm', sha256: null },
    recordedAt: null,
    mode: 'replay',
    ...changes,
  };
}

const FACTS: TestFacts = {
  name: 'sums > adds',
  file: 'src/sums.test.ts',
  project: '',
  state: 'passed',
  durationMs: 0,
  firstOfFile: false,
  retries: 0,
  assertions: 1,
  overlapped: false,
  concurrent: false,
  expectsFailure: false,
  repeatsLeft: 0,
  tags: [],
};

/** A test that ran nothing and took no time; tests change what they are about. */
export function anInput(changes: Partial<TestInput> = {}): TestInput {
  const empty = {
    root: '/project',
    runs: [],
    schemas: [],
    baseline: null,
    values: {},
    earlierValues: [],
    seen: {},
    source: () => null,
  };
  return { test: FACTS, ...empty, ...changes };
}

/** {@link anInput} about a test with the given facts. */
export function aTest(facts: Partial<TestFacts>, changes: Partial<TestInput> = {}): TestInput {
  return anInput({ test: { ...FACTS, ...facts }, ...changes });
}

/** What a check finds; it must be able to tell. */
export function resultsOf(
  check: TestCheck,
  input: TestInput,
  options: JsonObject = {},
): readonly CheckResult[] {
  const results = check.run(input, options);
  if (results === null) throw new TypeError('the check could not tell');
  return results;
}

/** A run of one passed test in each file, with the text of the files. */
export function aSuite(
  files: Readonly<Record<string, string>>,
  changes: Partial<SuiteTest> = {},
): SuiteInput {
  const test = { name: 'adds', project: '', state: 'passed', mode: 'run', note: null, retries: 0 } as const;
  return {
    root: '/project',
    files: Object.keys(files),
    tests: Object.keys(files).map((file): SuiteTest => ({ ...test, file, ...changes })),
    thorough: true,
    prepared: null,
    source: (file) => files[file] ?? null,
  };
}
