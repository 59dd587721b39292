import { expect, test } from 'vitest';
import type { Check } from '../checks/check.ts';
import { anInput, aRun } from '../checks/test-support.ts';
import { articlesOfFile, judge } from './govern.ts';
import type { CompiledArticle } from './provided.ts';

const identity = { name: 'group > works', file: 'src/a.test.ts', project: 'unit' };
const always: Check = {
  description: '',
  options: {},
  needs: 'test',
  codes: {},
  run: () => [{ code: 'CX-X', values: { n: 1 } }],
};
const checks: Record<string, Check> = {
  always,
  ofRuns: { ...always, needs: 'runs' },
  ofSchemas: { ...always, needs: 'schemas' },
  crashing: {
    ...always,
    run: () => {
      throw new RangeError('boom');
    },
  },
};

function article(changes: Partial<CompiledArticle> & { scope?: Partial<CompiledArticle['appliesTo']> } = {}) {
  const { scope, ...rest } = changes;
  return {
    id: 'I',
    title: '',
    why: '',
    severity: 'block',
    appliesTo: { files: [], projects: [], names: [], roles: [], ...scope },
    checks: [{ uses: 'always', with: {} }],
    source: '',
    filePatterns: [],
    ...rest,
  } satisfies CompiledArticle;
}

const governs = (found: CompiledArticle, input = anInput()) =>
  judge([found], identity, input, checks).articles;

test('a finding carries article, check, severity and test', () => {
  expect(judge([article({ severity: 'warn' })], identity, anInput(), checks).findings).toEqual([
    { article: 'I', check: 'always', severity: 'warn', test: identity, code: 'CX-X', values: { n: 1 } },
  ]);
});

test('a check that throws, or that nobody knows, is a finding and not a silent pass', () => {
  const uses = (name: string) => article({ checks: [{ uses: name, with: {} }] });
  for (const [name, message] of [
    ['crashing', 'boom'],
    ['unknown', 'no check is named "unknown"'],
  ] as const) {
    expect(judge([uses(name)], identity, anInput(), checks).findings).toMatchObject([
      { code: 'CX-CHECK-CRASHED', values: { message } },
    ]);
  }
});

test('names and roles restrict an article', () => {
  expect(governs(article({ scope: { names: ['works$'] } }))).toEqual(['I']);
  expect(governs(article({ scope: { names: ['^works'] } }))).toEqual([]);
  expect(governs(article({ scope: { roles: ['planner'] } }))).toEqual([]);
  expect(governs(article({ scope: { roles: ['planner'] } }), anInput({ runs: [aRun()] }))).toEqual(['I']);
  expect(governs(article({ scope: { roles: ['coder'] } }), anInput({ runs: [aRun()] }))).toEqual([]);
});

test('an article whose checks need runs or signatures governs only tests that have them', () => {
  expect(governs(article({ checks: [{ uses: 'ofRuns', with: {} }] }))).toEqual([]);
  expect(governs(article({ checks: [{ uses: 'ofRuns', with: {} }] }), anInput({ runs: [aRun()] }))).toEqual([
    'I',
  ]);
  expect(governs(article({ checks: [{ uses: 'ofSchemas', with: {} }] }))).toEqual([]);
});

test('files and projects are resolved once a file', () => {
  const resolve = (found: CompiledArticle) => articlesOfFile([found], 'src/a.test.ts', 'unit').length;
  expect(resolve(article())).toBe(1);
  expect(resolve(article({ filePatterns: ['^src/'] }))).toBe(1);
  expect(resolve(article({ filePatterns: ['^lib/'] }))).toBe(0);
  expect(resolve(article({ scope: { projects: ['unit'] } }))).toBe(1);
  expect(resolve(article({ scope: { projects: ['other'] } }))).toBe(0);
});
