import type { Baseline, BaselineCase } from '../../core/baseline.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { PredictorSchema } from '../../core/pipeline-schema.ts';
import { BASELINE_FILE, baselineSources } from './current-baseline.ts';
import { runsOf } from './judge.ts';
import { type GateOptions, type GateRun, runGate } from './run-gate.ts';

/**
 * Replays the baseline arm over every seeded bug.
 *
 * @returns the baseline and the file it belongs in, relative to the root.
 * @throws ConstitutionError CX-BUG-INVALID with the first failing test: a baseline is made of whole runs only.
 */
export async function makeBaseline(
  root: string,
  options: Pick<GateOptions, 'note' | 'signal'>,
): Promise<{ readonly file: string; readonly baseline: Baseline }> {
  const run = await runGate({ ...options, root, mode: 'replay', arms: ['baseline'] });
  refuseFailures(run);
  const runs = runsOf(run.result.tests);
  const [environment] = run.environments;
  const [first] = runs;
  if (environment === undefined || first === undefined) {
    throw new ConstitutionError('CX-BASELINE-MISSING', 'there is no seeded bug to make a baseline from');
  }
  const { name, dspy, python, lockSha256 } = environment;
  const baseline: Baseline = {
    format: 1,
    createdAt: new Date().toISOString(),
    environment: { name, dspy, python, lockSha256 },
    model: first.model,
    sourcesSha256: await baselineSources(root, run.gate),
    cases: casesOf(runs),
    schemas: schemasOf(run, name),
  };
  return { file: BASELINE_FILE, baseline };
}

function refuseFailures({ result }: GateRun): void {
  const failed = result.tests.find((test) => test.state === 'failed');
  const error = result.fileErrors[0] ?? failed?.errors[0];
  if (error === undefined && result.complete) return;
  throw new ConstitutionError(
    'CX-BASELINE-MISSING',
    `no baseline was made: ${failed?.test.name ?? 'the run'}: ${error?.message ?? 'it was interrupted'}`,
    { ...(error?.hint ? { hint: error.hint } : {}) },
  );
}

function casesOf(runs: readonly PipelineRun[]): Record<string, BaselineCase> {
  const byCase = new Map<string, PipelineRun[]>();
  for (const run of runs) {
    const key = `${run.role}/${run.case}`;
    byCase.set(key, [...(byCase.get(key) ?? []), run]);
  }
  return Object.fromEntries(
    [...byCase].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => [key, caseOf(own)]),
  );
}

function caseOf(runs: readonly PipelineRun[]): BaselineCase {
  const mean = (figure: (run: PipelineRun) => number) =>
    runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;
  const modelled = runs.every((run) => run.latency.modelledLmMs !== null);
  return {
    outcomes: runs.map((run) => (run.status === 'error' ? 0 : (run.outcome ?? 0))),
    outputHashes: runs.map((run) => run.outputHash),
    tokens: mean((run) => run.usage.inputTokens + run.usage.outputTokens),
    calls: mean((run) => run.usage.calls),
    // CPU time is left out: it differs from machine to machine, and a reference must not.
    modelledLmMs: modelled ? mean((run) => run.latency.modelledLmMs ?? 0) : null,
  };
}

/** The signatures of the baseline's pipelines as its environment builds them. */
function schemasOf(
  { gate, result }: GateRun,
  environment: string,
): Record<string, readonly PredictorSchema[]> {
  const pipelines = new Set(Object.values(gate.roles).map(({ baseline }) => baseline));
  const own = result.tests
    .flatMap((test) => test.meta?.schemas ?? [])
    .filter((schema) => schema.environment === environment && pipelines.has(schema.pipeline));
  return Object.fromEntries(own.map(({ pipeline, signatures }) => [pipeline, signatures]));
}
