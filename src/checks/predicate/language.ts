import { Environment } from '@marcbachmann/cel-js';
import type { Baseline } from '../../core/baseline.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { TestInput } from '../check.ts';

/** Relative growth that `gate.yaml` allows, as predicates see it under `budget`. */
export interface BudgetFacts {
  readonly tokens: number;
  readonly latency: number;
}

/**
 * The variables of a predicate. All numbers are doubles: CEL's integers are 64 bits wide, which JSON has no form for;
 * integer literals are accepted beside them by the operators below.
 */
const VARIABLES = {
  test: {
    name: 'string',
    file: 'string',
    project: 'string',
    state: 'string',
    durationMs: 'double',
    firstOfFile: 'bool',
    retries: 'double',
    assertions: 'double',
    overlapped: 'bool',
    tags: 'list<string>',
  },
  run: {
    id: 'string',
    role: 'string',
    case: 'string',
    arm: 'string',
    repeat: 'double',
    environment: 'string',
    pipeline: 'string',
    status: 'string',
    error: 'string',
    output: 'dyn',
    outcome: 'double',
    scored: 'bool',
    calls: 'double',
    inputTokens: 'double',
    outputTokens: 'double',
    tokens: 'double',
    latencyMs: 'double',
    cpuMs: 'double',
    wallMs: 'double',
    violations: 'map<string, double>',
    stages: 'list<string>',
    mode: 'string',
  },
  baseline: { outcome: 'double', tokens: 'double', calls: 'double', latencyMs: 'double' },
  budget: { tokens: 'double', latency: 'double' },
} as const;

type VariableName = keyof typeof VARIABLES | 'runs';

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The language of predicates, with just the given variables. */
export function predicateLanguage(names: readonly VariableName[]): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 1000, maxDepth: 50 },
  });
  for (const [name, schema] of Object.entries(VARIABLES)) {
    if (names.includes(name as VariableName)) environment.registerVariable({ name, schema });
  }
  if (names.includes('runs')) environment.registerVariable('runs', 'list<map<string, dyn>>');
  for (const [sign, operate] of Object.entries(ARITHMETIC)) {
    environment.registerOperator(`double ${sign} int: double`, (a: number, b: bigint) =>
      operate(a, Number(b)),
    );
    environment.registerOperator(`int ${sign} double: double`, (a: bigint, b: number) =>
      operate(Number(a), b),
    );
  }
  // The counterparts (`!=`, and the operands exchanged) follow from these.
  environment.registerOperator('double == int', (a: number, b: bigint) => a === Number(b));
  return environment;
}

/** A run as predicates see it. */
export function runFacts(run: PipelineRun): Record<string, unknown> {
  const { usage, latency } = run;
  return {
    id: run.id,
    role: run.role,
    case: run.case,
    arm: run.arm,
    repeat: run.repeat,
    environment: run.environment,
    pipeline: run.pipeline,
    status: run.status,
    error: run.error?.code ?? '',
    output: run.output,
    outcome: run.outcome ?? 0,
    scored: run.outcome !== null,
    calls: usage.calls,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    tokens: usage.inputTokens + usage.outputTokens,
    latencyMs: (latency.modelledLmMs ?? latency.recordedLmMs) + latency.cpuMs,
    cpuMs: latency.cpuMs,
    wallMs: latency.wallMs,
    violations: run.violations,
    stages: run.stages,
    mode: run.mode,
  };
}

/** The baseline of a run's case as predicates see it; null where there is none. */
export function baselineFacts(baseline: Baseline | null, run: PipelineRun): Record<string, number> | null {
  const found = baseline?.cases[`${run.role}/${run.case}`];
  if (found === undefined) return null;
  const { outcomes } = found;
  return {
    outcome: outcomes.reduce((sum, outcome) => sum + outcome, 0) / Math.max(1, outcomes.length),
    tokens: found.tokens,
    calls: found.calls,
    latencyMs: found.modelledLmMs ?? 0,
  };
}

/** A test as predicates see it. */
export function testFacts({ test }: TestInput): Record<string, unknown> {
  return { ...test, tags: [...test.tags] };
}
