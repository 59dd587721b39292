import { describe, expect, test } from 'vitest';
import type { TestInput } from '../checks/check.ts';
import { anInput, aRun, aTest } from '../checks/test-support.ts';
import { type GoverningArticle, type GoverningCheck, judge } from './govern.ts';
import { compileWaiver } from './waivers.ts';

const always: GoverningCheck = {
  name: 'always',
  needs: undefined,
  probes: [],
  copesWithOverlap: true,
  repeats: false,
  run: () => [{ code: 'CX-X', values: { n: 1 } }],
};

function article(changes: Partial<GoverningArticle> = {}): GoverningArticle {
  return {
    id: 'I',
    severity: 'block',
    names: [],
    tags: [],
    roles: [],
    checks: [always],
    waivers: [],
    ...changes,
  };
}

const identity = { name: 'sums > adds', file: 'src/sums.test.ts', project: '' };
const finding = { article: 'I', check: 'always', severity: 'block', test: identity, place: null };
const governs = (found: GoverningArticle, input: TestInput = anInput()) => judge([found], input).articles;

test('a finding carries article, check, severity and test', () => {
  expect(judge([article({ severity: 'warn' })], anInput()).findings).toEqual([
    { ...finding, severity: 'warn', code: 'CX-X', values: { n: 1 } },
  ]);
});

test('a check that throws is a finding and not a silent pass', () => {
  const crashing = {
    ...always,
    run: () => {
      throw new RangeError('boom');
    },
  };
  expect(judge([article({ checks: [crashing] })], anInput()).findings).toMatchObject([
    { code: 'CX-CHECK-CRASHED', values: { message: 'boom' } },
  ]);
});

test('names, tags and roles restrict an article', () => {
  expect(governs(article({ names: [/adds$/u] }))).toEqual(['I']);
  expect(governs(article({ names: [/^adds/u] }))).toEqual([]);
  expect(governs(article({ tags: ['slow'] }))).toEqual([]);
  expect(governs(article({ tags: ['slow'] }), aTest({ tags: ['slow'] }))).toEqual(['I']);
  expect(governs(article({ roles: ['planner'] }))).toEqual([]);
  expect(governs(article({ roles: ['planner'] }), anInput({ runs: [aRun()] }))).toEqual(['I']);
  expect(governs(article({ roles: ['coder'] }), anInput({ runs: [aRun()] }))).toEqual([]);
});

test('an article whose checks need something governs only tests that have it', () => {
  const needing = (needs: GoverningCheck['needs']) => article({ checks: [{ ...always, needs }] });
  for (const needs of ['runs', 'schemas', 'values'] as const) expect(governs(needing(needs))).toEqual([]);
  expect(governs(needing('runs'), anInput({ runs: [aRun()] }))).toEqual(['I']);
  expect(governs(needing('values'), anInput({ values: { a: '1' } }))).toEqual(['I']);
});

describe('a test that overlapped others', () => {
  const overlapped = aTest({ overlapped: true });

  test('is not judged by what probes saw, and that is said', () => {
    const watching = article({ checks: [{ ...always, probes: ['console'], copesWithOverlap: false }] });
    expect(judge([watching], overlapped)).toMatchObject({ findings: [], unattributed: ['I/always'] });
    expect(judge([watching], anInput()).findings).toHaveLength(1);
  });

  test('is judged by a check that copes, unless that cannot tell', () => {
    expect(judge([article()], overlapped)).toMatchObject({ findings: [{}], unattributed: [] });
    const unsure = article({ checks: [{ ...always, run: () => null }] });
    expect(judge([unsure], overlapped)).toMatchObject({ findings: [], unattributed: ['I/always'] });
  });
});

describe('waivers', () => {
  const waived = (pattern: string, until = '2026-06-30') =>
    judge(
      [
        article({
          waivers: [compileWaiver({ test: pattern, reason: 'agreed', until }, '2026-06-30')],
        }),
      ],
      anInput(),
    );

  test.each(['sums > adds', 'src/sums.test.ts > sums > adds', 'src/*', '*adds'])(
    '%s covers it',
    (pattern) => {
      expect(waived(pattern)).toMatchObject({
        findings: [],
        waived: [{ code: 'CX-X', waiver: { test: pattern, reason: 'agreed', until: '2026-06-30' } }],
      });
    },
  );

  test.each(['adds', 'sums > add', 'src/sums.test.ts', 'sums . adds'])('%s does not', (pattern) => {
    expect(waived(pattern)).toMatchObject({ findings: [{ code: 'CX-X' }], waived: [] });
  });

  test('an expired one sets nothing aside, and is a finding itself', () => {
    expect(waived('*', '2026-06-29')).toMatchObject({
      findings: [{ code: 'CX-X' }, { code: 'CX-WAIVER-EXPIRED', check: 'waiver', severity: 'block' }],
      waived: [],
    });
  });

  test('one that holds goes before one that has expired', () => {
    const waivers = ['2026-06-29', '2026-06-30'].map((until) =>
      compileWaiver({ test: '*', reason: 'agreed', until }, '2026-06-30'),
    );
    expect(judge([article({ waivers })], anInput())).toMatchObject({
      findings: [],
      waived: [{ code: 'CX-X', waiver: { until: '2026-06-30' } }],
    });
  });
});
