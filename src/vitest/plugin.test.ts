import { describe, expect, test, vi } from 'vitest';
import { runProject } from './test-support.ts';

const budget = (limit: number, rest = '') => `id: VI
title: Budgets hold
why: Slow tests are not run.
${rest}
checks:
  - uses: max-duration
    with: { ms: ${limit}, coldStartMs: 0 }
`;
/** Keeps the processor busy: a test must take time without a timer, which fake timers would stop. */
const busy = 'const busy = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };';
const suite = `import { test } from 'vitest';
${busy}
test('quick', () => {});
test('slow', () => busy(120));
`;

/** What is printed on standard error meanwhile. */
async function printing<Result>(run: () => Promise<Result>): Promise<Result & { text: string }> {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const result = await run();
    return { ...result, text: written.mock.calls.map(([chunk]) => String(chunk)).join('') };
  } finally {
    written.mockRestore();
  }
}

describe('constitution()', () => {
  test('a broken blocking article fails just that test, with code, figures and hint', async () => {
    const { tests, errors } = await runProject({ 'constitution/vi.yaml': budget(100), 'a.test.ts': suite });
    expect(tests.map(({ test, state }) => [test.name, state])).toEqual([
      ['quick', 'passed'],
      ['slow', 'failed'],
    ]);
    expect(errors['slow']).toEqual([
      expect.stringMatching(
        /^article VI "Budgets hold" \(constitution\/vi\.yaml\)\n {2}CX-BUDGET-DURATION: the test took \d+ ms, allowed are 100 ms\n {2}hint: /,
      ),
    ]);
  });

  test('a broken warning article leaves the test passed and its finding in the meta data', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(100, 'severity: warn'),
      'a.test.ts': suite,
    });
    expect(tests.map(({ state, meta }) => [state, (meta?.findings ?? []).map(({ code }) => code)])).toEqual([
      ['passed', []],
      ['passed', ['CX-BUDGET-DURATION']],
    ]);
  });

  test('time in the hooks of the user counts', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(100),
      'a.test.ts': `import { afterEach, test } from 'vitest';
${busy}
afterEach(() => busy(120));
test('quick', () => {});`,
    });
    expect(tests[0]?.state).toBe('failed');
  });

  test('fake timers do not hide the time', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(100),
      'a.test.ts': `import { test, vi } from 'vitest';
const real = performance.now.bind(performance);
test('slow', () => { vi.useFakeTimers({ toFake: ['performance'] }); const end = real() + 120; while (real() < end); });`,
    });
    expect(tests[0]?.state).toBe('failed');
  });

  test('files of test.extend work, and share a worker without isolation', async () => {
    const extended = `import { test as base } from 'vitest';
const test = base.extend({ value: async ({}, use) => { await use(7); } });
test('extended', ({ value, expect }) => expect(value).toBe(7));
`;
    const { tests } = await runProject(
      { 'constitution/vi.yaml': budget(60_000), 'a.test.ts': extended, 'b.test.ts': extended },
      { test: { isolate: false, maxWorkers: 1 } },
    );
    expect(tests.map(({ state, meta }) => [state, meta?.articles])).toEqual([
      ['passed', 'VI'],
      ['passed', 'VI'],
    ]);
  });

  test('a retry is judged by its last attempt', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(100),
      'a.test.ts': `import { test } from 'vitest';
${busy}
let attempts = 0;
test('slow once', { retry: 1 }, () => busy(attempts++ === 0 ? 120 : 0));`,
    });
    expect(tests[0]?.meta?.findings).toBeUndefined();
    expect(tests[0]?.state).toBe('passed');
  });

  test('file globs choose the tests of an article', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(60_000, 'appliesTo: { files: ["src/**/*.test.ts"] }'),
      'src/a.test.ts': suite,
      'other/b.test.ts': suite,
    });
    expect(tests.map(({ test, meta }) => [test.file, meta?.articles]).sort()).toEqual([
      ['other/b.test.ts', undefined],
      ['other/b.test.ts', undefined],
      ['src/a.test.ts', 'VI'],
      ['src/a.test.ts', 'VI'],
    ]);
  });

  test('a negative glob takes files away', async () => {
    const { tests } = await runProject({
      'constitution/vi.yaml': budget(60_000, 'appliesTo: { files: ["**/*.test.ts", "!src/gen/**"] }'),
      'src/a.test.ts': suite,
      'src/gen/b.test.ts': suite,
    });
    expect(tests.map(({ test, meta }) => [test.file, meta?.articles])).toEqual([
      ['src/a.test.ts', 'VI'],
      ['src/a.test.ts', 'VI'],
      ['src/gen/b.test.ts', undefined],
      ['src/gen/b.test.ts', undefined],
    ]);
  });

  test('every project is governed, and knows its name', async () => {
    const { tests } = await runProject(
      {
        'constitution/vi.yaml': budget(60_000, 'appliesTo: { projects: [one] }'),
        'a.test.ts': suite,
        'vitest.config.ts': `import { constitution } from '../../../src/vitest/plugin.ts';
export default {
  plugins: [constitution({ reporter: { silent: true } })],
  test: { projects: [{ extends: true, test: { name: 'one' } }, { extends: true, test: { name: 'two' } }] },
};`,
      },
      { ownConfig: true },
    );
    const governed = tests.filter(({ meta }) => meta?.articles === 'VI').map(({ test }) => test.project);
    expect(governed).toEqual(['one', 'one']);
    expect(tests).toHaveLength(4);
  });

  test.each([
    ['constitution', true],
    ['other', false],
  ])('a second project with the articles of `%s`', async (articles, allowed) => {
    const project = (name: string, folder: string) =>
      `{ plugins: [constitution({ articles: '${folder}', reporter: { silent: true } })], test: { name: '${name}' } }`;
    const run = runProject(
      {
        'constitution/vi.yaml': budget(60_000),
        'a.test.ts': suite,
        'vitest.config.ts': `import { constitution } from '../../../src/vitest/plugin.ts';
export default { test: { projects: [${project('one', 'constitution')}, ${project('two', articles)}] } };`,
      },
      { ownConfig: true },
    );
    if (allowed) expect((await run).tests).toHaveLength(4);
    else
      await expect(run).rejects.toMatchObject({
        code: 'CX-CONFIG-INVALID',
        hint: expect.stringContaining('the same options'),
      });
  });

  test.each(['forks', 'threads', 'vmForks', 'vmThreads'] as const)('pool %s', async (pool) => {
    const { tests } = await runProject(
      { 'constitution/vi.yaml': budget(100), 'a.test.ts': suite },
      { test: { pool } },
    );
    expect(tests.map(({ state }) => state)).toEqual(['passed', 'failed']);
  });

  test('a broken article file stops the run before the first test', async () => {
    const project = { 'constitution/vi.yaml': 'id: VI\ntitel: x\n', 'a.test.ts': suite };
    await expect(runProject(project)).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      place: { file: 'constitution/vi.yaml', line: 2, column: 1 },
    });
  });

  test('a folder of articles that is named and not there stops the run', async () => {
    const run = runProject({ 'a.test.ts': suite }, { constitution: { articles: 'constituton' } });
    await expect(run).rejects.toMatchObject({
      code: 'CX-CONFIG-MISSING',
      place: { file: 'constituton' },
      hint: expect.stringContaining('`articles`'),
    });
  });

  test('a report that cannot be written is told of, and the table is printed', async () => {
    const { exitCode, text } = await printing(() =>
      runProject(
        { 'constitution/vi.yaml': budget(60_000), 'a.test.ts': suite },
        { constitution: { reporter: { sarif: 'constitution' } } },
      ),
    );
    expect(text).toMatch(/a report cannot be written: [\s\S]* Constitution {2}1 article · 2 tests governed/);
    expect(exitCode).toBe(1);
  });

  test('a suite without articles runs as it would without the plugin, and that is said', async () => {
    const { tests, text } = await printing(() =>
      runProject({ 'a.test.ts': suite }, { constitution: { reporter: {} } }),
    );
    expect(text).toContain(' Constitution  there is no article: no test is governed');
    expect(tests.map(({ state, meta }) => [state, meta?.articles])).toEqual([
      ['passed', undefined],
      ['passed', undefined],
    ]);
  });
});
