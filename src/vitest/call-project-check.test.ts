import { expect, test } from 'vitest';
import type { TestInput } from '../checks/check.ts';
import type { ProjectCheck } from '../checks/project-check.ts';
import { anInput, aRun } from '../checks/test-support.ts';
import { callProjectCheck } from './call-project-check.ts';

const codes = { 'OWN-A': { summary: 's', hint: 'h' } };
const call = (run: (input: TestInput, options: Record<string, unknown>) => unknown, input = anInput()) =>
  callProjectCheck({ description: 'd', codes, run: run as ProjectCheck['run'] }, input, { words: 2 });
const finding = { code: 'OWN-A', values: { n: 1 } };

test('findings are handed over as plain values, and null is', () => {
  expect(call(() => [{ ...finding, test: null, severity: 'warn' }])).toEqual([finding]);
  expect(call(() => null)).toBeNull();
});

test.each<[string, (input: Mutable, options: Record<string, unknown>) => void]>([
  ['the name of the test', ({ test }) => void Object.assign(test, { name: 'another' })],
  ['its tags', ({ test }) => void test.tags.push('slow')],
  ['the runs', ({ runs }) => void runs.pop()],
  ['a run', ({ runs }) => void runs.splice(0, 1, aRun())],
  ['what a run cost', ({ runs }) => void Object.assign(runs[0]?.usage ?? {}, { calls: 0 })],
  ['what was seen', ({ seen }) => void seen.console.splice(0)],
  ['its options', (_, options) => void Object.assign(options, { words: 0 })],
])('a check cannot change %s', (_what, change) => {
  const seen = { console: [{ level: 'log', text: 'kept' }] } as const;
  const input = anInput({ runs: [aRun()], seen });
  const before = structuredClone({ ...input, source: undefined });
  const changing = (given: TestInput, options: Record<string, unknown>) => {
    change(given as unknown as Mutable, options);
    return [];
  };
  expect(() => call(changing, input)).toThrow(/read only|not extensible|Cannot (?:delete|assign|add)/);
  expect({ ...input, source: undefined }).toEqual(before);
});

test('a test that goes on after its end can still add to what it recorded', () => {
  const runs = [aRun()];
  const values: Record<string, string> = {};
  call(() => [], anInput({ runs, values }));
  runs.push(aRun());
  values['late'] = 'yes';
  expect([runs.length, values]).toEqual([2, { late: 'yes' }]);
});

test.each<[string, unknown]>([
  ['no prototype', Object.create(null)],
  [
    'a text that throws',
    {
      toString() {
        throw new Error('again');
      },
    },
  ],
])('a check that throws a value with %s is told of', (_what, thrown) => {
  const throwing = () => {
    throw thrown;
  };
  expect(() => call(throwing)).toThrow('a value was thrown that cannot be shown');
});

test('a check that was ended is not asked again', () => {
  let asked = 0;
  const check: ProjectCheck = {
    description: 'd',
    codes,
    run: () => {
      asked++;
      for (;;);
    },
  };
  expect(() => callProjectCheck(check, anInput(), {})).toThrow(/timed out/);
  expect(() => callProjectCheck(check, anInput(), {})).toThrow(/not asked again/);
  expect(asked).toBe(1);
});

test('what is thrown cannot hang the run by what it says', () => {
  const throwing = () => {
    throw {
      toString() {
        for (;;);
      },
    };
  };
  expect(() => call(throwing)).toThrow(/timed out/);
});

test.each<[string, () => unknown]>([
  [
    'values that vanish when they are written',
    () => [{ code: 'OWN-A', values: { toJSON: () => undefined } }],
  ],
  ['no finding', () => [null]],
])('a check that returns %s is told of', (_what, run) => {
  expect(() => call(run)).toThrow(/^a finding/);
});

interface Mutable {
  test: { name: string; tags: string[] };
  runs: { usage: object }[];
  seen: { console: unknown[] };
}
