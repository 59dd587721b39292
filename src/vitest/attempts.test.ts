import { expect, test } from 'vitest';
import { runProject } from './test-support.ts';

const judged = (expression: string, source: string) =>
  runProject({
    'constitution/i.yaml': `id: I\ntitle: T\nwhy: W\nchecks: [{ expect: '${expression}', message: broken }]\n`,
    'a.test.ts': `import { expect, test } from 'vitest';\n${source}`,
  });

test('a test that skips itself is not judged', async () => {
  const run = await judged(
    'test.assertions > 0',
    "test('a', ({ skip }) => skip('not here'));\ntest('b', () => expect(1).toBe(1));",
  );
  expect(run.tests).toMatchObject([{ state: 'skipped', note: 'not here', meta: undefined }, {}]);
  expect(run.constitution.findings).toEqual([]);
  expect(run.exitCode).toBe(0);
});

test('a repeat is judged by its own result', async () => {
  const run = await judged(
    'test.state == "passed"',
    "test('a', { repeats: 2 }, ({ task }) => { expect(task.result?.repeatCount).not.toBe(0); });",
  );
  expect(run.tests).toMatchObject([{ state: 'failed', meta: { findings: [{ code: 'CX-EXPECT' }] } }]);
});

test('what an earlier repeat broke stays, what an attempt before a retry broke does not', async () => {
  const run = await judged(
    'test.assertions > 0',
    `test('repeated', { repeats: 2 }, ({ task }) => { if (task.result?.repeatCount !== 1) expect(1).toBe(1); });
test('retried', { retry: 1 }, ({ task }) => { if (task.result?.retryCount !== 0) expect(1).toBe(1); });`,
  );
  expect(run.tests).toMatchObject([
    { state: 'failed', meta: { findings: [{ test: { name: 'repeated' } }] } },
    { state: 'passed', retries: 1 },
  ]);
  expect(run.constitution.findings).toHaveLength(1);
});

test("a test's own `expect` counts anew in each attempt", async () => {
  const run = await judged(
    'test.assertions == 1',
    "test('a', { retry: 2 }, ({ task, expect }) => expect(task.result?.retryCount).toBe(2));",
  );
  expect(run.tests).toMatchObject([{ state: 'passed', retries: 2 }]);
  expect(run.tests[0]?.meta?.findings).toBeUndefined();
});

test('a test finds its meta data as it would without the plugin', async () => {
  const run = await judged(
    'test.assertions == 1',
    "test('a', { retry: 1 }, ({ task }) => { expect(task.meta).toEqual({}); if (task.result?.retryCount === 0) throw new Error('again'); });",
  );
  expect(run.tests).toMatchObject([{ state: 'passed', retries: 1, meta: { articles: 'I' } }]);
});
