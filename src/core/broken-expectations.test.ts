import { expect, test } from 'vitest';
import { brokenExpectations } from './broken-expectations.ts';
import type { FixtureExpectation } from './fixture.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { pipelineRun } from './verdict/pipeline-run.fixture.ts';

const OUTPUT = { plan: ['a', 'b'], notes: { first: 1, second: null } };
const ok: FixtureExpectation = { status: 'ok' };

test.each<[string, Partial<FixtureExpectation>, Partial<PipelineRun>, RegExp | null]>([
  ['nothing but the status', {}, {}, null],
  [
    'a run that failed',
    {},
    { status: 'error', error: { code: 'CX-PIPELINE-RAISED', message: 'no\nmore' } },
    /^status is error, expected ok \(CX-PIPELINE-RAISED: no\)$/,
  ],
  [
    'a failure that is expected',
    { status: 'error', error: 'CX-A' },
    { status: 'error', error: { code: 'CX-A', message: '' } },
    null,
  ],
  [
    'another failure',
    { status: 'error', error: 'CX-A' },
    { status: 'error', error: { code: 'CX-B', message: '' } },
    /error is CX-B/,
  ],
  ['an outcome', { outcome: { atLeast: 0.5 } }, { outcome: 0.5 }, null],
  ['a lower one', { outcome: { atLeast: 0.5 } }, { outcome: 0.4 }, /outcome is 0.4, expected 0.5/],
  ['none', { outcome: { atLeast: 0.5 } }, { outcome: null }, /outcome is none/],
  ['a part of the output', { output: { notes: { first: 1 } } }, {}, null],
  [
    'a list, of what differs in it',
    { output: { plan: ['a', 'c'] } },
    {},
    /^output.plan\[1\] is "b", expected "c"$/,
  ],
  [
    'a list is compared whole',
    { output: { plan: ['a'] } },
    {},
    /^output.plan is \["a","b"\], expected \["a"\]$/,
  ],
  ['a value at some depth', { output: { notes: { first: 2 } } }, {}, /^output.notes.first is 1, expected 2$/],
  [
    'a key that is not there',
    { output: { notes: { third: null } } },
    {},
    /^output.notes.third is none, expected null$/,
  ],
  ['a list where an object is', { output: { notes: [] } }, {}, /^output.notes is \{/],
  ['an object where a list is', { output: { plan: { 0: 'a' } } }, {}, /^output.plan is \[/],
  ['stages with others between', { stages: ['A', 'C'] }, { stages: ['A', 'B', 'C'] }, null],
  [
    'stages in another order',
    { stages: ['C', 'A'] },
    { stages: ['A', 'B', 'C'] },
    /stages are A, B, C, expected C, A/,
  ],
  ['a budget', { budget: { calls: 1, tokens: 220 } }, {}, null],
  ['too many calls', { budget: { calls: 0 } }, {}, /1 calls, allowed are 0/],
  ['too many tokens', { budget: { tokens: 219 } }, {}, /220 tokens, allowed are 219/],
  ['no violations', { violations: {} }, { violations: { order: 0 } }, null],
  ['a violation', { violations: {} }, { violations: { order: 2 } }, /violations are \{"order":2\}/],
])('%s', (_, expected, run, sentence) => {
  const broken = brokenExpectations(pipelineRun({ output: OUTPUT, ...run }), { ...ok, ...expected });
  if (sentence === null) expect(broken).toEqual([]);
  else expect(broken).toEqual([expect.stringMatching(sentence)]);
});

test('a long output is cut', () => {
  const [sentence] = brokenExpectations(pipelineRun({ output: { text: 'x'.repeat(500) } }), {
    ...ok,
    output: { text: 'y' },
  });
  expect(sentence?.length).toBeLessThan(200);
});
