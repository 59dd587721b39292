import { expect, test } from 'vitest';
import type { ConsoleLine } from '../observations.ts';
import { anInput } from '../test-support.ts';
import { check } from './no-console.ts';

const warn: ConsoleLine = { level: 'warn', text: 'deprecated: x' };
const log: ConsoleLine = { level: 'log', text: 'here' };
const ALL = ['debug', 'log', 'info', 'warn', 'error'];

test.each<[string, ConsoleLine[], { levels?: string[]; allow?: string[] }, object[]]>([
  ['silence', [], {}, []],
  [
    'noise is told once, with its first line',
    [warn, log],
    {},
    [{ level: 'warn', text: warn.text, count: 2 }],
  ],
  ['other levels', [log], { levels: ['warn', 'error'] }, []],
  ['what is allowed', [warn], { allow: ['^deprecated'] }, []],
  [
    'a long text is cut',
    [{ level: 'log', text: 'x'.repeat(300) }],
    {},
    [{ level: 'log', text: 'x'.repeat(200), count: 1 }],
  ],
])('%s', (_name, lines, options, expected) => {
  const results = check.run(anInput({ seen: { console: lines } }), { levels: ALL, allow: [], ...options });
  expect(results?.map(({ values }) => values)).toEqual(expected);
});
