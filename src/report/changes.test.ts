import { describe, expect, test } from 'vitest';
import { buildEvalReport } from '../core/build-eval-report.ts';
import { hashJson } from '../core/json.ts';
import { DEFAULT_BUDGETS } from '../core/judge-limit.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { DEFAULT_POLICY } from '../core/verdict/policy.ts';
import { CHANGE_KINDS, type ChangeKind, renderChanges } from './changes.ts';
import { diffOutputs } from './output-diff.ts';

const OUTCOMES: Readonly<Record<string, readonly [number[], number[]]>> = {
  won: [
    [0, 0],
    [1, 1],
  ],
  lost: [
    [1, 1],
    [1, 0],
  ],
  kept: [
    [1, 1],
    [1, 1],
  ],
};

const report = buildEvalReport({
  createdAt: new Date('2026-11-24T03:00:00.000Z'),
  mode: 'replay',
  environments: [],
  lm: { model: 'm', sha256: null, recordedAt: null },
  runs: Object.entries(OUTCOMES).flatMap(([bug, arms]) =>
    (['baseline', 'candidate'] as const).flatMap((arm, at) =>
      (arms[at] as number[]).map((outcome, repeat) => {
        const output = { code: `def f():\n    return ${outcome}` };
        const detail = outcome ? 'all tests pass' : 'f() is 0';
        return pipelineRun({ case: bug, arm, repeat, outcome, output, outputHash: hashJson(output), detail });
      }),
    ),
  ),
  policy: DEFAULT_POLICY,
  budgets: DEFAULT_BUDGETS,
  lawfulRoles: [],
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
  tests: { passed: 3, failed: 0, skipped: 0 },
  infrastructure: [],
  seed: 'test',
  resamples: 200,
  diffOutputs,
});
const render = (kinds: readonly ChangeKind[]) => renderChanges(report, { color: false, kinds }).split('\n');

describe('renderChanges', () => {
  test('counts every kind, and lists those that are asked for', () => {
    expect(render(CHANGE_KINDS)[0]).toBe(
      'Changes won 1 · lost 1 · kept 1 · flaky 1   replay, 2026-11-24 03:00',
    );
    expect(render(['kept'])).toEqual([
      expect.stringMatching(/^Changes/),
      '',
      'kept: 1 bug',
      expect.stringMatching(/^ {3}coder\/kept +✓ ✓ → ✓ ✓$/),
    ]);
  });

  test('a lost bug shows its outcomes, what was said of both runs, and how their outputs differ', () => {
    expect(render(['lost']).slice(2)).toEqual([
      'lost: 1 bug',
      expect.stringMatching(/^ - coder\/lost +✓ ✓ → ✓ ✗ {2}flaky$/),
      '   repeat 1, baseline: all tests pass',
      '   repeat 1, candidate: f() is 0',
      '       code: def f():',
      '     -     return 1',
      '     +     return 0',
    ]);
  });

  test('a flaky bug is listed under what it came to, and with the flaky ones', () => {
    expect(render(['flaky'])[3]).toMatch(/^ - coder\/lost /);
  });
});

describe('diffOutputs', () => {
  test('texts line by line, other values as JSON', () => {
    expect(diffOutputs({ plan: ['a', 'b'] }, { plan: ['b', 'a'] })).toBe(
      '- plan: ["a","b"]\n+ plan: ["b","a"]',
    );
    expect(diffOutputs({ code: 'a\nb' }, { code: 'a\nc' })).toBe('  code: a\n- b\n+ c');
    expect(diffOutputs(null, { code: 'a' })).toBe('- null\n+ code: a');
  });
});
