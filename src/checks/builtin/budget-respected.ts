import type { CheckResult } from '../../core/finding.ts';
import type { Json } from '../../core/json.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { Check } from '../check.ts';

/** Keeps a test's time, and the tokens, calls and modelled latency of its pipeline runs, under fixed caps. */
export const check: Check = {
  description: 'A test and each of its pipeline runs stay under fixed caps of time, tokens and calls.',
  needs: 'test',
  options: {
    maxTestMs: {
      type: 'number',
      min: 1,
      description: 'Wall time of the test with its hooks, in milliseconds.',
    },
    coldStartMs: {
      type: 'number',
      min: 0,
      default: 0,
      description:
        'Added to maxTestMs for the first test of a file, which pays for what the file loads lazily.',
    },
    maxTokens: { type: 'number', min: 0, description: 'Input plus output tokens of one run.' },
    maxCalls: { type: 'number', min: 0, description: 'LM calls of one run.' },
    maxLatencyMs: {
      type: 'number',
      min: 0,
      description: 'Modelled LM time plus CPU time of one run, in milliseconds.',
    },
  },
  codes: {
    'CX-BUDGET-DURATION': 'The test took longer than the article allows.',
    'CX-BUDGET-TOKENS': 'A run used more tokens than the article allows.',
    'CX-BUDGET-CALLS': 'A run made more LM calls than the article allows.',
    'CX-BUDGET-LATENCY': 'A run took more modelled time than the article allows.',
  },
  run(input, options) {
    const findings: CheckResult[] = [];
    const test = limitOf(options['maxTestMs']);
    if (test !== undefined) {
      const allowed = test + (input.firstOfFile ? Number(options['coldStartMs'] ?? 0) : 0);
      if (input.durationMs > allowed) {
        findings.push({
          code: 'CX-BUDGET-DURATION',
          values: { measured: Math.round(input.durationMs), allowed },
        });
      }
    }
    const caps: [string, number | undefined, (run: PipelineRun) => number | null][] = [
      [
        'CX-BUDGET-TOKENS',
        limitOf(options['maxTokens']),
        (run) => run.usage.inputTokens + run.usage.outputTokens,
      ],
      ['CX-BUDGET-CALLS', limitOf(options['maxCalls']), (run) => run.usage.calls],
      ['CX-BUDGET-LATENCY', limitOf(options['maxLatencyMs']), latencyOf],
    ];
    for (const run of input.runs) {
      for (const [code, allowed, measure] of caps) {
        const measured = measure(run);
        if (allowed === undefined || measured === null || measured <= allowed) continue;
        findings.push({ code, values: { run: run.id, measured: Math.round(measured), allowed } });
      }
    }
    return findings;
  },
};

function limitOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function latencyOf(run: PipelineRun): number | null {
  return run.latency.modelledLmMs === null ? null : run.latency.modelledLmMs + run.latency.cpuMs;
}
