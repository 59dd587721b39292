import type { CheckResult } from '../../core/finding.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import type { TestCheck } from '../check.ts';

/** Keeps the tokens, calls, modelled latency and cost of each pipeline run under fixed caps. */
export const check: TestCheck = {
  description: 'Each pipeline run of a test stays under fixed caps of tokens, calls, time and cost.',
  needs: 'runs',
  options: {
    maxTokens: { type: 'number', min: 0, description: 'Input plus output tokens of one run.' },
    maxCalls: { type: 'number', min: 0, description: 'LM calls of one run.' },
    maxLatencyMs: {
      type: 'number',
      min: 0,
      description: 'Modelled LM time plus CPU time of one run, in milliseconds.',
    },
    maxCost: {
      type: 'number',
      min: 0,
      description: 'Cost of one run at the two prices below, in their currency.',
    },
    inputPrice: { type: 'number', min: 0, default: 0, description: 'Price of a million input tokens.' },
    outputPrice: { type: 'number', min: 0, default: 0, description: 'Price of a million output tokens.' },
  },
  codes: {
    'CX-BUDGET-TOKENS': 'A run used more tokens than the article allows.',
    'CX-BUDGET-CALLS': 'A run made more LM calls than the article allows.',
    'CX-BUDGET-LATENCY': 'A run took more modelled time than the article allows.',
    'CX-BUDGET-COST': 'A run cost more than the article allows.',
  },
  run(input, options) {
    const caps = [
      ['CX-BUDGET-TOKENS', options['maxTokens'], (run) => run.usage.inputTokens + run.usage.outputTokens],
      ['CX-BUDGET-CALLS', options['maxCalls'], (run) => run.usage.calls],
      ['CX-BUDGET-LATENCY', options['maxLatencyMs'], latencyOf],
      ['CX-BUDGET-COST', options['maxCost'], (run) => costOf(run, options)],
    ] satisfies [string, Json | undefined, (run: PipelineRun) => number | null][];
    return input.runs.flatMap((run) =>
      caps.flatMap(([code, allowed, measure]): CheckResult[] => {
        const measured = measure(run);
        if (typeof allowed !== 'number' || measured === null || measured <= allowed) return [];
        // Six digits are enough for any of the figures, and keep a cost below 1 readable.
        return [{ code, values: { run: run.id, measured: Number(measured.toPrecision(6)), allowed } }];
      }),
    );
  },
};

function latencyOf({ latency }: PipelineRun): number | null {
  return latency.modelledLmMs === null ? null : latency.modelledLmMs + latency.cpuMs;
}

function costOf({ usage }: PipelineRun, options: JsonObject): number {
  const price = (name: string) => Number(options[name] ?? 0) / 1e6;
  return usage.inputTokens * price('inputPrice') + usage.outputTokens * price('outputPrice');
}
