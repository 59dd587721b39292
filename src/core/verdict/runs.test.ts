import { describe, expect, test } from 'vitest';
import { pipelineRun } from './pipeline-run.fixture.ts';
import {
  countViolations,
  groupRuns,
  isPipelineFault,
  latencyBasis,
  latencyOf,
  pairFigures,
  pairOutcomes,
  tokensOf,
} from './runs.ts';

describe('pairing runs', () => {
  test('by bug, repeats in order, whatever order they ended in', () => {
    const runs = [
      pipelineRun({ case: 'b', arm: 'candidate', repeat: 1, outcome: 0 }),
      pipelineRun({ case: 'b', arm: 'baseline', repeat: 1, outcome: 0.5 }),
      pipelineRun({ case: 'a', arm: 'candidate', outcome: 1 }),
      pipelineRun({ case: 'b', arm: 'candidate', repeat: 0, outcome: 1 }),
      pipelineRun({ case: 'a', arm: 'baseline', outcome: 0 }),
      pipelineRun({ case: 'b', arm: 'baseline', repeat: 0, outcome: 0 }),
    ];
    expect(pairOutcomes(groupRuns(runs))).toEqual({
      outcomes: [
        { role: 'coder', bug: 'a', baseline: [0], candidate: [1] },
        { role: 'coder', bug: 'b', baseline: [0, 0.5], candidate: [1, 0] },
      ],
      incomplete: [],
      errors: [],
    });
  });

  test('an errored run is an outcome of 0 and is listed, whatever it scored before', () => {
    const error = { code: 'CX-RUN-TIMEOUT', message: 'killed after 120 s' };
    const paired = pairOutcomes(
      groupRuns([
        pipelineRun({ arm: 'baseline', outcome: 1 }),
        pipelineRun({ arm: 'candidate', status: 'error', error, outcome: 1 }),
      ]),
    );
    expect(paired.outcomes[0]).toMatchObject({ baseline: [1], candidate: [0] });
    expect(paired.errors).toEqual([
      {
        run: 'coder/bug/candidate/0',
        role: 'coder',
        bug: 'bug',
        arm: 'candidate',
        ...error,
        ofPipeline: true,
      },
    ]);
  });

  test('a missing arm or a run without a score makes a bug incomplete', () => {
    const { outcomes, incomplete } = pairOutcomes(
      groupRuns([
        pipelineRun({ case: 'half', arm: 'baseline' }),
        pipelineRun({ case: 'unscored', arm: 'baseline' }),
        pipelineRun({ case: 'unscored', arm: 'candidate', outcome: null }),
      ]),
    );
    expect(outcomes).toEqual([]);
    expect(incomplete).toEqual(['coder/half', 'coder/unscored']);
  });

  test('a repeat that occurs twice is refused', () => {
    expect(() => groupRuns([pipelineRun({}), pipelineRun({})])).toThrowError(
      expect.objectContaining({ code: 'CX-VERDICT-INPUT' }),
    );
  });

  test.each([
    ['CX-PIPELINE-RAISED', true],
    ['CX-PIPELINE-OUTPUT', true],
    ['CX-RUN-TIMEOUT', true],
    ['CX-WORKER-DIED', true],
    ['CX-BUDGET-CALLS', true],
    ['CX-PIPELINE-LOAD', false],
    ['CX-GATEWAY-MISS', false],
    ['CX-ENV-DAMAGED', false],
    ['CX-SANDBOX-UNAVAILABLE', false],
  ])('%s is the fault of the pipeline: %s', (code, ofPipeline) => {
    expect(isPipelineFault(code)).toBe(ofPipeline);
  });
});

describe('figures of runs', () => {
  const latency = { modelledLmMs: 100, recordedLmMs: 300, cpuMs: 20, wallMs: 999 };

  test('tokens count both directions, errored runs included', () => {
    const error = { code: 'CX-RUN-TIMEOUT', message: 'killed' };
    const usage = { calls: 2, inputTokens: 70, outputTokens: 30, estimated: false };
    const runs = groupRuns([
      pipelineRun({ arm: 'baseline', usage }),
      pipelineRun({ arm: 'candidate', usage, status: 'error', error }),
      pipelineRun({ case: 'half', arm: 'baseline', usage }),
    ]);
    expect(pairFigures(runs, tokensOf)).toEqual([
      { role: 'coder', bug: 'bug', baseline: [100], candidate: [100] },
    ]);
  });

  test('latency is modelled LM time and CPU time; recorded where one run has no rate card', () => {
    const runs = [pipelineRun({ latency }), pipelineRun({ arm: 'candidate', latency })];
    expect(latencyBasis(groupRuns(runs))).toBe('modelled');
    expect(latencyOf(pipelineRun({ latency }), 'modelled')).toBe(120);
    const unmodelled = pipelineRun({ case: 'other', latency: { ...latency, modelledLmMs: null } });
    expect(latencyBasis(groupRuns([...runs, unmodelled]))).toBe('recorded');
    expect(latencyOf(pipelineRun({ latency }), 'recorded')).toBe(320);
  });

  test('violations are added up by kind', () => {
    expect(
      countViolations([
        pipelineRun({ violations: { order: 1 } }),
        pipelineRun({ violations: { order: 2, cycle: 1 } }),
      ]),
    ).toEqual({ order: 3, cycle: 1 });
  });
});
