import { expect, test } from 'vitest';
import { ARTICLE_CODES, DECLARATIONS } from '../checks/declarations.ts';
import { describeFinding, FINDING_CODES } from './finding.ts';

test('every code of every check has sentences, and no sentence is for a code that nobody makes', () => {
  const made = Object.values(DECLARATIONS).flatMap((check) => Object.keys(check.codes));
  expect([...FINDING_CODES].sort()).toEqual([...new Set(made), ...Object.keys(ARTICLE_CODES)].sort());
});

test('figures and hint of a finding', () => {
  const finding = {
    code: 'CX-BUDGET-TOKENS',
    values: { run: 'coder/a/candidate/0', measured: 120, allowed: 100 },
  };
  expect(describeFinding(finding)).toEqual({
    summary: 'run coder/a/candidate/0 used 120 tokens, allowed are 100',
    hint: expect.stringContaining('maxTokens'),
  });
});

test('only the kinds of violations that occurred are told', () => {
  const finding = { code: 'CX-DEPENDENCY-ORDER', values: { run: 'r', violations: { order: 2, missing: 0 } } };
  expect(describeFinding(finding).summary).toBe('run r handed out a plan with 2 × order');
});

test('a code of a newer version is shown with its values', () => {
  expect(describeFinding({ code: 'CX-NEW', values: { a: 1 } })).toEqual({ summary: '{"a":1}', hint: '' });
});
