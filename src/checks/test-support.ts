import type { PipelineRun } from '../core/pipeline-run.ts';
import type { CheckInput } from './check.ts';

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
    recording: null,
    model: { id: 'm', sha256: null },
    recordedAt: null,
    mode: 'replay',
    ...changes,
  };
}

/** A test that ran nothing and took no time; tests change what they are about. */
export function anInput(changes: Partial<CheckInput> = {}): CheckInput {
  return { durationMs: 0, firstOfFile: false, runs: [], schemas: [], baseline: null, ...changes };
}
