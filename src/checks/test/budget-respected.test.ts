import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { TestInput } from '../check.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './budget-respected.ts';

const table: [string, Partial<TestInput>, JsonObject, object[]][] = [
  ['nothing is capped', { runs: [aRun()] }, {}, []],
  ['tokens at the limit', { runs: [aRun()] }, { maxTokens: 120 }, []],
  [
    'too many tokens, input and output together',
    { runs: [aRun()] },
    { maxTokens: 119 },
    [{ code: 'CX-BUDGET-TOKENS', values: { run: 'planner/a/candidate/0', measured: 120, allowed: 119 } }],
  ],
  [
    'too many calls',
    { runs: [aRun()] },
    { maxCalls: 1 },
    [{ code: 'CX-BUDGET-CALLS', values: { run: 'planner/a/candidate/0', measured: 2, allowed: 1 } }],
  ],
  [
    'latency is LM time and CPU time',
    { runs: [aRun()] },
    { maxLatencyMs: 319 },
    [{ code: 'CX-BUDGET-LATENCY', values: { run: 'planner/a/candidate/0', measured: 320, allowed: 319 } }],
  ],
  [
    'latency without a rate card is not judged',
    { runs: [aRun({ latency: { modelledLmMs: null, recordedLmMs: 9e9, cpuMs: 9e9, wallMs: 9e9 } })] },
    { maxLatencyMs: 1 },
    [],
  ],
  [
    'cost is tokens at their prices',
    { runs: [aRun()] },
    { maxCost: 0.000_1, inputPrice: 1, outputPrice: 2 },
    [
      {
        code: 'CX-BUDGET-COST',
        values: { run: 'planner/a/candidate/0', measured: 0.00014, allowed: 0.0001 },
      },
    ],
  ],
  ['without prices nothing costs anything', { runs: [aRun()] }, { maxCost: 0 }, []],
];

test.each(table)('%s', (_name, input, options, expected) => {
  expect(check.run(anInput(input), options)).toEqual(expected);
});
