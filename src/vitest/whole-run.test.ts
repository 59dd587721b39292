import { describe, expect, test } from 'vitest';
import { createVitest, parseCLI, type Vitest } from 'vitest/node';
import { runProject } from './test-support.ts';
import { WholeRun } from './whole-run.ts';

/** An article that governs no test of the suite, and a waiver of none: a finding each, where the whole suite ran. */
const IDLE = ['CX-WAIVER-UNUSED', 'CX-ARTICLE-IDLE'];
const project = {
  'constitution/i.yaml': `id: I
title: T
why: W
appliesTo: { files: ['gone/**'] }
checks: [{ uses: must-assert }]
waivers: [{ test: gone, reason: agreed, until: 2999-12-31 }]
`,
  'src/sum.ts': 'export const sum = (a: number, b: number) => a + b;\n',
  'a.test.ts': `import { expect, test } from 'vitest';
import { sum } from './src/sum.ts';
test('sums', () => expect(sum(1, 1)).toBe(2));
test('sums more', () => expect(sum(2, 1)).toBe(3));
`,
  'b.test.ts': `import { expect, test } from 'vitest';
test('fails', () => expect(1).toBe(2));
`,
};

const findingsOf = async (options: Parameters<typeof runProject>[1], more: Record<string, string> = {}) => {
  const { constitution } = await runProject({ ...project, ...more }, options);
  // It was judged at all.
  expect(constitution.articles).toHaveLength(1);
  return constitution.findings.map(({ code }) => code);
};

/** What a rerun finds; vitest ends its server after the first run unless it watches. */
const foundAgain = (again: (vitest: Vitest) => Promise<unknown>) =>
  findingsOf({
    test: { watch: true },
    rerun: async (vitest) => {
      vitest.config.watch = false;
      await again(vitest);
      expect(vitest.state.getTestModules().flatMap((module) => module.errors())).toEqual([]);
    },
  });

describe('what is said of the whole suite is said', () => {
  test('where all of it ran', async () => {
    expect(await findingsOf({})).toEqual(IDLE);
  });

  test('where a rerun is of all files', async () => {
    const again = async (vitest: Vitest) =>
      vitest.runTestSpecifications(await vitest.globTestSpecifications(), true);
    expect(await foundAgain(again)).toEqual(IDLE);
  });
});

describe('nothing is said of it', () => {
  test.each([
    ['a file filter', ['a.test.ts']],
    ['a name', ['-t', 'more']],
    ['--shard', ['--shard', '1/1']],
    ['--watch', ['--watch']],
    ['--bail, which interrupts', ['--bail', '1', '--no-file-parallelism']],
  ])('with %s', async (_what, args) => {
    expect(await findingsOf({ args })).toEqual([]);
  });

  test.each<[string, object]>([
    // What the commands `vitest related <file>` and `vitest --exclude <glob>` make of their arguments.
    ['`related`', { related: ['src/sum.ts'] }],
    ['--exclude', { cliExclude: ['b.test.ts'] }],
  ])('with %s', async (_what, options) => {
    expect(await findingsOf({ test: options })).toEqual([]);
  });

  test('where a file cannot be loaded, whose tests nobody knows', async () => {
    expect(await findingsOf({}, { 'gone/c.test.ts': "throw new Error('not here');" })).toEqual([]);
  });

  test('with --project, or --changed where nothing is changed', async () => {
    const isWhole = async (...args: string[]) => {
      const projects = ['one', 'two'].map((name) => ({ test: { name } }));
      const { options } = parseCLI(['vitest', '--run', ...args]);
      const vitest = await createVitest('test', { config: false, projects, reporters: [{}], ...options });
      await vitest.close();
      return new WholeRun().isWhole(vitest, 0);
    };
    expect(await isWhole()).toBe(true);
    expect(await isWhole('--project', 'one')).toBe(false);
    expect(await isWhole('--changed')).toBe(false);
  });

  test('with --tags-filter', async () => {
    const tags = { tags: [{ name: 'slow' }] };
    expect(await findingsOf({ test: tags })).toEqual(IDLE);
    expect(await findingsOf({ test: tags, args: ['--tags-filter', 'slow'] })).toEqual([]);
  });

  test.each<[string, (vitest: Vitest) => Promise<unknown>]>([
    [
      'some files',
      async (vitest) => vitest.runTestSpecifications((await vitest.globTestSpecifications()).slice(1)),
    ],
    [
      'some tests',
      async (vitest) => {
        const [first, ...others] = vitest.state.getTestModules();
        const [test] = first?.children.allTests() ?? [];
        const chosen = test?.toTestSpecification();
        await vitest.runTestSpecifications([
          ...(chosen ? [chosen] : []),
          ...others.map((module) => module.toTestSpecification()),
        ]);
      },
    ],
  ])('in a rerun of %s', async (_what, again) => {
    expect(await foundAgain(again)).toEqual([]);
  });

  test.each([
    { testLines: [3] },
    { testIds: ['1'] },
    { testNamePattern: /more/ },
    { testTagsFilter: ['slow'] },
  ])('where a tool chose tests by %o', (choice) => {
    const vitest = { config: {} } as Vitest;
    const run = new WholeRun();
    run.begin([choice, {}]);
    expect(run.isWhole(vitest, 2)).toBe(false);
    run.begin([{}, {}]);
    expect(run.isWhole(vitest, 2)).toBe(true);
  });
});
