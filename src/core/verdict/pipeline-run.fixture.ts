import { hashJson } from '../json.ts';
import type { PipelineRun } from '../pipeline-run.ts';

/** A complete run for tests: a repaired bug unless told otherwise. */
export function pipelineRun(fields: Partial<PipelineRun>): PipelineRun {
  const { role = 'coder', case: bug = 'bug', arm = 'baseline', repeat = 0 } = fields;
  return {
    id: `${role}/${bug}/${arm}/${repeat}`,
    role,
    case: bug,
    arm,
    repeat,
    environment: arm === 'baseline' ? 'dspy-2.6.27' : 'dspy-3.0.1',
    pipeline: `${role}-${arm}`,
    status: 'ok',
    error: null,
    output: { code: 'fixed' },
    outputHash: hashJson({ code: 'fixed' }),
    outcome: 1,
    detail: '',
    usage: { calls: 1, inputTokens: 200, outputTokens: 20, estimated: false },
    latency: { modelledLmMs: 400, recordedLmMs: 500, cpuMs: 10, wallMs: 15 },
    violations: {},
    stages: ['Predict'],
    workflow: [],
    context: {},
    faults: [],
    recording: null,
    model: { id: 'smollm2-135m-instruct', sha256: null },
    recordedAt: null,
    mode: 'replay',
    ...fields,
  };
}
