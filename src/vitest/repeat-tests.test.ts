import { expect, test } from 'vitest';
import { runProject } from './test-support.ts';

/** Tests that an article governs, and how often each of them ran. */
const ran = async (source: string, appliesTo = '{}', retry = 0) => {
  const run = await runProject(
    {
      'constitution/i.yaml': `id: I\ntitle: T\nwhy: W\nappliesTo: ${appliesTo}\nchecks: [{ uses: deterministic }]\n`,
      'a.test.ts': `import { afterEach, describe } from 'vitest';
import { test } from '../../../src/vitest/test.ts';
const times: Record<string, number> = {};
afterEach(({ task }) => { times[task.name] = (times[task.name] ?? 0) + 1; });
${source}
test('tells', () => { throw new Error(JSON.stringify(times)); });`,
    },
    { test: { retry } },
  );
  const { constitution, errors, tests } = run;
  return {
    errors,
    times: JSON.parse(errors['tells']?.[0] ?? ''),
    failed: tests.filter(({ state }) => state === 'failed').map(({ test }) => test.name),
    found: constitution.findings.map(({ code, test, values }) => [
      test?.name,
      code,
      values['name'] ?? values['names'],
    ]),
  };
};

test('a test that records is run twice, in suites and tables as well; one that does not, once', async () => {
  const { times, failed, found } = await ran(`
let draws = 0;
test('steady', ({ record }) => record('sum', 3));
test('drifting', ({ record }) => record('draw', ++draws));
test('plain', () => {});
describe('in a suite', () => {
  test.for([1, 2])('row %i', (row, { record }) => record('row', row));
});`);
  expect(times).toEqual({ steady: 2, drifting: 2, plain: 1, 'row 1': 2, 'row 2': 2 });
  expect(found).toEqual([['drifting', 'CX-NOT-DETERMINISTIC', 'draw']]);
  expect(failed).toEqual(['drifting', 'tells']);
});

test('what a test repeats itself, and what no article governs, stays as it is', async () => {
  const { times, found } = await ran(
    `
test('thrice', { repeats: 2 }, ({ record }) => record('sum', 3));
test('governed', ({ record }) => record('sum', 3));
test('other', ({ record }) => record('sum', 3));`,
    "{ names: ['^thrice', '^governed'] }",
  );
  expect(times).toEqual({ thrice: 3, governed: 2, other: 1 });
  expect(found).toEqual([]);
});

test('one that may be tried again is repeated too', async () => {
  const { times, found } = await ran("test('steady', ({ record }) => record('sum', 3));", '{}', 2);
  expect(times).toEqual({ steady: 2 });
  expect(found).toEqual([]);
});

test('one that fails is not run again: it has the errors, and the result, that it has without the article', async () => {
  const { times, errors, failed, found } = await ran(`
test('fails', ({ record }) => { record('sum', 3); throw new Error('wrong sum'); });
let attempts = 0;
test('fails twice', { retry: 1 }, ({ record }) => { record('sum', 3); if (++attempts < 3) throw new Error('late'); });
test.fails('is to fail', ({ record }) => { record('sum', 3); throw new Error('as it should'); });`);
  expect(times).toEqual({ fails: 1, 'fails twice': 2, 'is to fail': 2 });
  expect(errors).toMatchObject({ fails: ['wrong sum'], 'fails twice': ['late', 'late'] });
  expect(failed).toEqual(['fails', 'fails twice', 'tells']);
  expect(found).toEqual([]);
});

test('a test that is repeated finds its own options', async () => {
  const { times, failed } = await ran(`
test('steady', ({ record, task }) => { record('sum', 3); if (task.repeats !== undefined) throw new Error(String(task.repeats)); });`);
  expect(times).toEqual({ steady: 2 });
  expect(failed).toEqual(['tells']);
});

test('a value more, or less, the second time is another value', async () => {
  const { found } = await ran(`
let before = 0;
test('more', ({ record }) => { if (++before > 1) record('sum', 3); });
let again = 0;
test('less', ({ record }) => { if (++again < 2) record('sum', 3); });`);
  expect(found).toEqual([
    ['more', 'CX-NOT-DETERMINISTIC', 'sum'],
    ['less', 'CX-NOT-DETERMINISTIC', 'sum'],
  ]);
});

test('a value that came by a detour has nothing to be compared with, which is said', async () => {
  const { found, errors } = await ran(`
const longer = test.extend({ keep: async ({ record }, use) => { await use((n) => record('kept', n)); } });
longer('by another fixture', ({ keep }) => keep(1));`);
  expect(found).toEqual([['by another fixture', 'CX-NOT-REPEATED', ['kept']]]);
  expect(errors['by another fixture']?.[0]).toMatch(
    /CX-NOT-REPEATED: "kept" was recorded once, with nothing to compare\n {2}hint: Give the test `\{ repeats: 1 \}`/,
  );
});
