import { expect, test } from 'vitest';
import { contextOf, textsByInput } from './context-use.ts';

const inputs = {
  code: 'def f():\n  pass',
  tasks: ['sand', 'paint'],
  count: 3,
  mark: '?',
  nested: { a: ['deep'] },
};

test('every text of an input is looked for; numbers and single characters are not', () => {
  expect(textsByInput(inputs)).toEqual({
    code: ['def f():\n  pass'],
    tasks: ['sand', 'paint'],
    nested: ['deep'],
  });
});

test('what became of the inputs', () => {
  const meter = { requests: 2, watched: { code: 2, tasks: 1 } };
  expect(contextOf(inputs, { plan: ['paint', 'sand'], code: 'def f(): pass' }, meter)).toEqual({
    code: { requests: 2, found: 2, inOutput: true },
    tasks: { requests: 2, found: 1, inOutput: true },
    nested: { requests: 2, found: 0, inOutput: false },
  });
});
