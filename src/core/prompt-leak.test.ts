import { describe, expect, test } from 'vitest';
import type { BugSecrets } from './bug-secrets.ts';
import type { LmExchange } from './lm-exchange.ts';
import { leaksIn, promptHolds } from './prompt-leak.ts';

const buggy =
  'def total(ns):\n    """Add up."""\n    t = 0\n    for n in ns:\n        t -= n\n    return t\n';
const secrets: BugSecrets = {
  entry: 'total',
  code: { buggy, fixed: buggy.replace('t -= n', 't += n') },
  hiddenCalls: ['total([1, 2])', "total(['a b'])"],
  plan: [],
  visible: [buggy, 'total([3])'],
};

const exchange = (content: string, answer = ''): LmExchange => ({
  key: '',
  ordinal: 0,
  path: '/v1/chat/completions',
  request: { messages: [{ role: 'user', content }] },
  response: { status: 200, headers: {}, body: { choices: [{ message: { content: answer } }] } },
  tokens: null,
  startMs: 0,
  latencyMs: 1,
});
const kinds = (contents: string[], about: Partial<BugSecrets> = {}) =>
  leaksIn(
    contents.map((content) => exchange(content)),
    { ...secrets, ...about },
  ).map(({ kind, certain }) => `${kind} ${certain ? 'certain' : 'perhaps'}`);

describe('a prompt holds the fix', () => {
  test.each([
    ['in the function itself, however short the line', `Fixed:\n${secrets.code?.fixed}`],
    ['indented and with other blanks', '  def total( ns ):\n      t+=n'],
  ])('%s', (_name, prompt) => {
    expect(kinds([prompt])).toEqual(['fix certain']);
  });

  test.each([
    ['the bug itself', buggy],
    ['the bug with one line hidden', buggy.replace('t -= n', '???')],
    ['the same short line in another function', 'def sum_up(ns):\n    t += n\n\ndef total(ns):\n    ???'],
    ['the line as a part of another', 'def total(ns):\n    t += number'],
  ])('but not where it is %s', (_name, prompt) => {
    expect(kinds([prompt])).toEqual([]);
  });

  test('a long line counts wherever it stands, unless other prompts hold it too', () => {
    const code = { buggy, fixed: buggy.replace('t -= n', 't = t + int(float(n))') };
    const prompt = 'Hint: write `t = t + int( float(n) )`.';
    const [leak] = leaksIn([exchange(prompt)], { ...secrets, code });
    expect(leak).toMatchObject({ kind: 'fix', certain: false, request: 0 });
    expect(promptHolds(exchange(prompt), leak?.text ?? '')).toBe(true);
    expect(promptHolds(exchange('Hint: none.'), leak?.text ?? '')).toBe(false);
  });

  test('a fix that only leaves a line out is known by the lines that become neighbours', () => {
    const code = { buggy, fixed: buggy.replace('    t = 0\n', '') };
    expect(kinds([buggy], { code })).toEqual([]);
    expect(kinds([code.fixed], { code })).toEqual(['fix certain']);
  });
});

describe('a prompt holds a hidden test', () => {
  test.each([
    ['as it is', 'What is total([1, 2])?'],
    ['spaced otherwise', 'return total( [1,2] )'],
    ['quoted otherwise', 'total(["a b"])'],
    ['escaped', '{"call": "total([\\"a b\\"])"}'],
  ])('%s', (_name, prompt) => {
    expect(kinds([prompt])).toEqual(['hidden-test certain']);
  });

  test('but not where it is a part of another call or of a visible example', () => {
    expect(kinds(['subtotal([1, 2])', 'x.total([1, 2])'])).toEqual([]);
    expect(kinds(['[total([1, 2]), 0]'], { visible: ['[total([1, 2]), 0]'] })).toEqual([]);
    expect(kinds(['[total([1, 2]), 0] and total([1, 2])'], { visible: ['[total([1, 2]), 0]'] })).toEqual([
      'hidden-test certain',
    ]);
  });
});

test('what the model has answered is its own', () => {
  const answer = secrets.code?.fixed ?? '';
  const asked = [exchange(buggy, answer), exchange(`Not yet right:\n${answer}`)];
  expect(leaksIn(asked, secrets)).toEqual([]);
  expect(leaksIn([...asked].reverse(), secrets)).toMatchObject([{ kind: 'fix', request: 0 }]);
});

test('a right plan is found as its tasks in a row, with three tasks or more', () => {
  const about = {
    entry: null,
    code: null,
    hiddenCalls: [],
    plan: ['dig', 'plant', 'water'],
    visible: ['water, plant, dig', 'Dig before plant. Plant before water.'],
  };
  expect(kinds(['The plan: [dig, plant, water]', '1. Dig 2. Plant', 'dig, plant, watering'], about)).toEqual([
    'plan certain',
  ]);
  expect(kinds(['dig, then plant, then water'], about)).toEqual(['plan certain']);
  expect(kinds(['1. Dig\n2. Plant\n3. Water'], about)).toEqual(['plan certain']);
  expect(kinds(['dig, plant'], { ...about, plan: ['dig', 'plant'] })).toEqual([]);
  expect(kinds(['dig, plant, water'], { ...about, visible: ['dig, plant, water'] })).toEqual([]);
});
