import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { CheckInput } from '../check.ts';
import { anInput, aRun } from '../test-support.ts';
import { check } from './budget-respected.ts';

const table: [string, Partial<CheckInput>, JsonObject, object[]][] = [
  ['nothing is capped', { durationMs: 9e9, runs: [aRun()] }, {}, []],
  ['a test at its limit', { durationMs: 100 }, { maxTestMs: 100 }, []],
  [
    'a slow test',
    { durationMs: 101.4 },
    { maxTestMs: 100 },
    [{ code: 'CX-BUDGET-DURATION', values: { measured: 101, allowed: 100 } }],
  ],
  ['a cold start', { durationMs: 150, firstOfFile: true }, { maxTestMs: 100, coldStartMs: 50 }, []],
  [
    'slack is for the first test only',
    { durationMs: 150 },
    { maxTestMs: 100, coldStartMs: 50 },
    [{ code: 'CX-BUDGET-DURATION', values: { measured: 150, allowed: 100 } }],
  ],
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
];

test.each(table)('%s', (_name, input, options, expected) => {
  expect(check.run(anInput(input), options)).toEqual(expected);
});
