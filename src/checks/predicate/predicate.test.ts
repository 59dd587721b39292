import { describe, expect, test } from 'vitest';
import type { Baseline } from '../../core/baseline.ts';
import { anInput, aRun, aTest } from '../test-support.ts';
import { checkPredicate, compilePredicate } from './predicate.ts';

const BUDGET = { tokens: 0.25, latency: 0.2 };
const check = (text: string, budget = true) => checkPredicate(text, { budget });
const run = (text: string, input = anInput()) =>
  compilePredicate({ expect: text, message: 'm' })
    .run(input, BUDGET)
    .map(({ values }) => values['run'] ?? 'test');

describe('checkPredicate', () => {
  test.each([
    'test.durationMs < 500',
    'test.durationMs == 500 || 500 != test.durationMs',
    'test.durationMs * 2 + 1 < 10.5 && 2 * test.durationMs / 3 > 0',
    'test.tags.exists(tag, tag == "slow")',
    'run.tokens <= baseline.tokens * (1 + budget.tokens)',
    'runs.all(r, r.calls <= 6)',
    'run.output.plan.size() > 1',
    '!("order" in run.violations) || run.violations["order"] == 0',
    'run.outcome >= baseline.outcome',
  ])('takes %s', (text) => {
    expect(check(text)).toBeNull();
  });

  test.each([
    ['test.durationms < 500', /No such key: durationms/, 5],
    ['test.name < 500', /no such overload/, 0],
    ['test.durationMs', /is a double, and must be true or false/, 0],
    ['tset.name == "a"', /Unknown variable: tset/, 0],
    ['test.retries < ', /Unexpected token/, 15],
    ['process.exit(1) == 0', /Unknown variable: process/, 0],
  ])('refuses %s', (text, message, offset) => {
    const fault = check(text);
    expect(fault?.message).toMatch(message);
    expect(fault?.offset).toBe(offset);
  });

  test('a budget needs a gate.yaml', () => {
    expect(check('run.tokens < budget.tokens', false)?.message).toBe('`budget` needs a gate.yaml');
  });

  test('an expression without end is refused, not evaluated', () => {
    expect(check(Array.from({ length: 2000 }, () => 'true').join(' && '))).not.toBeNull();
  });
});

describe('compilePredicate', () => {
  test('about the test', () => {
    expect(run('test.durationMs < 10', aTest({ durationMs: 9 }))).toEqual([]);
    expect(run('test.durationMs < 10', aTest({ durationMs: 10 }))).toEqual(['test']);
  });

  test('arithmetic with whole numbers on either side', () => {
    const ten = aTest({ durationMs: 10 });
    expect(run('2 * test.durationMs - 4 == 16 && test.durationMs / 4 == 2.5', ten)).toEqual([]);
    expect(
      run('100 - test.durationMs == 90 && 1 + test.durationMs == 11 && 20 / test.durationMs == 2', ten),
    ).toEqual([]);
  });

  test('about each run', () => {
    const runs = [aRun({ id: 'a' }), aRun({ id: 'b', outcome: 0 })];
    expect(run('run.outcome == 1', anInput({ runs }))).toEqual(['b']);
  });

  test('about all runs together', () => {
    const runs = [aRun({ id: 'a' }), aRun({ id: 'b', outcome: 0 })];
    expect(run('runs.exists(r, r.outcome == 1.0)', anInput({ runs }))).toEqual([]);
    expect(run('runs.all(r, r.outcome == 1.0)', anInput({ runs }))).toEqual(['test']);
    expect(compilePredicate({ expect: 'runs.size() > 0', message: '' }).subject).toBe('runs');
  });

  test('against the baseline; a run of a case that it lacks is left out', () => {
    const baseline = {
      cases: { 'planner/a': { outcomes: [0, 1], outputHashes: [], tokens: 100, calls: 1, modelledLmMs: 5 } },
    } as unknown as Baseline;
    const text = 'run.tokens <= baseline.tokens * (1 + budget.tokens) && baseline.outcome == 0.5';
    expect(run(text, anInput({ runs: [aRun()], baseline }))).toEqual([]);
    const dear = aRun({ usage: { calls: 1, inputTokens: 100, outputTokens: 26, estimated: false } });
    expect(run(text, anInput({ runs: [dear, { ...dear, case: 'unknown' }], baseline }))).toEqual([dear.id]);
  });

  test('what an output lacks is an error, not a pass', () => {
    expect(() => run('run.output.steps.size() > 0', anInput({ runs: [aRun()] }))).toThrow(/steps/);
    expect(() => run('run.output.plan', anInput({ runs: [aRun()] }))).toThrow(/the predicate gave/);
  });
});
