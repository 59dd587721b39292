import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildEvalReport } from '../core/build-eval-report.ts';
import { DEFAULT_BUDGETS } from '../core/judge-limit.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { evalReportSchema } from './eval-report.ts';
import { PUBLISHED_SCHEMAS } from './schemas.ts';

const report = (bugs: number, outcomes: readonly [number, number]) =>
  buildEvalReport({
    createdAt: new Date(0),
    mode: 'replay',
    environments: [
      { name: 'dspy-2.6.27', arm: 'baseline', dspy: '2.6.27', python: '3.11.7', lockSha256: 'a'.repeat(64) },
    ],
    lm: { model: 'm', sha256: null, recordedAt: null },
    runs: Array.from({ length: bugs }, (_, at) => `bug-${at}`).flatMap((bug, at) => [
      pipelineRun({ case: bug, arm: 'baseline', outcome: outcomes[0], violations: { order: at % 2 } }),
      pipelineRun({ case: bug, arm: 'candidate', outcome: at === 0 ? 0 : outcomes[1] }),
    ]),
    policy: DEFAULT_POLICY,
    budgets: DEFAULT_BUDGETS,
    lawfulRoles: ['planner'],
    articles: [],
    findings: [],
    overhead: {
      selfMs: null,
      tests: 0,
      byHook: null,
      ratio: null,
      interval: null,
      basis: null,
      measuredAt: null,
    },
    tests: { passed: 0, failed: 0, skipped: 0 },
    infrastructure: [],
    seed: '1',
    resamples: 200,
  });

describe('evalReportSchema', () => {
  test.each<[string, number, readonly [number, number]]>([
    ['no bugs', 0, [0, 0]],
    ['one bug', 1, [1, 0]],
    ['all fail', 10, [0, 0]],
    ['all won', 70, [0, 1]],
    ['mixed', 12, [1, 0.5]],
  ])('takes every report that is built: %s', (_, bugs, outcomes) => {
    const built = report(bugs, outcomes);
    expect(evalReportSchema.parse(JSON.parse(JSON.stringify(built)))).toEqual(built);
  });

  test('reads a report of before there were components', () => {
    const { components, ...older } = JSON.parse(JSON.stringify(report(3, [0, 1])));
    expect(components).toBeNull();
    expect(evalReportSchema.parse(older).components).toBeNull();
  });

  test('refuses a key it does not know and a rate beyond 1', () => {
    const built = report(3, [0, 1]);
    expect(evalReportSchema.safeParse({ ...built, extra: 1 }).success).toBe(false);
    expect(
      evalReportSchema.safeParse({ ...built, improvement: { ...built.improvement, candidate: 2 } }).success,
    ).toBe(false);
  });
});

describe('published schemas', () => {
  test('the files are what the code says', () => {
    const script = path.resolve(import.meta.dirname, '../../scripts/schemas.mjs');
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });

  test('names are unique', () => {
    const names = PUBLISHED_SCHEMAS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
