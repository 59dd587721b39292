import { describe, expect, test } from 'vitest';
import { runProject } from './test-support.ts';

const article = (rest: string) => `id: I\ntitle: Order\nwhy: Because.\n${rest}\n`;
const files = (rest: string, source: string, more: Record<string, string> = {}) => ({
  'constitution/i.yaml': article(rest),
  'a.test.ts': `import { expect, test } from 'vitest';\n${source}`,
  ...more,
});
const asserting = "checks: [{ expect: 'test.assertions > 0', message: must assert }]";

describe('predicates', () => {
  test('a test of which one is not true fails at its own line, with the message', async () => {
    const run = await runProject(
      files(asserting, "test('empty', () => {});\ntest('full', () => expect(1).toBe(1));"),
    );
    expect(run.tests.map(({ test, state }) => [test.name, state])).toEqual([
      ['empty', 'failed'],
      ['full', 'passed'],
    ]);
    expect(run.errors['empty']?.[0]).toMatch(/CX-EXPECT: must assert \(test\.assertions > 0\)\n {2}hint: /);
    expect(run.places['empty']).toEqual({ file: 'a.test.ts', line: 2 });
    expect(run.constitution.findings[0]?.place).toEqual({ file: 'a.test.ts', line: 2 });
  });

  test('the own `expect` of a concurrent test counts', async () => {
    const run = await runProject(
      files(asserting, "test.concurrent('own', ({ expect }) => { expect(1).toBe(1); });"),
    );
    expect(run.tests[0]?.state).toBe('passed');
  });

  test('one that is wrong stops the run before the first test', async () => {
    const wrong = "checks: [{ expect: 'test.asertions > 0', message: m }]";
    await expect(runProject(files(wrong, "test('a', () => {});"))).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      message: expect.stringContaining('no such key: asertions'),
    });
  });
});

describe("a project's own checks", () => {
  const own = (body: string, codes = "{ 'OWN-NAME': { summary: 'named {name}', hint: 'rename it' } }") => ({
    'constitution/checks/naming.ts': `import { defineCheck } from '../../../../../src/vitest/check.ts';
export default defineCheck({
  description: 'names',
  options: { forbidden: { type: 'string', default: 'bad', description: 'no such name' } },
  codes: ${codes},
  run: ({ test }, options): { code: string; values: object }[] => { ${body} },
});`,
  });
  const uses = 'checks: [{ uses: project/naming }]';
  const tests = "test('bad', () => {});\ntest('good', () => {});";

  test('find, with sentences and options of their own', async () => {
    const body =
      "return test.name === options.forbidden ? [{ code: 'OWN-NAME', values: { name: test.name } }] : [];";
    const run = await runProject(files(uses, tests, own(body)));
    expect(run.tests.map(({ state }) => state)).toEqual(['failed', 'passed']);
    expect(run.errors['bad']?.[0]).toContain('OWN-NAME: named bad\n  hint: rename it');
  });

  test('cannot hang the run', async () => {
    const run = await runProject(files(uses, "test('a', () => {});", own('for (;;);')));
    expect(run.constitution.findings).toMatchObject([
      { code: 'CX-CHECK-CRASHED', values: { message: expect.stringContaining('timed out') } },
    ]);
  });

  test.each([
    ['throws', "throw new Error('boom')", 'boom'],
    ['answers later', 'return Promise.resolve([]) as never', 'not as a promise'],
    ['has a code that it does not declare', "return [{ code: 'OTHER', values: {} }]", 'OTHER'],
  ])('one that %s is a finding', async (_what, body, message) => {
    const run = await runProject(files(uses, "test('a', () => {});", own(body)));
    expect(run.constitution.findings).toMatchObject([
      { code: 'CX-CHECK-CRASHED', values: { message: expect.stringContaining(message) } },
    ]);
  });

  test('a module that throws in the worker only is a finding of each test, and loses none', async () => {
    const module = Object.entries(own('return []')).map(([file, text]) => [
      file,
      `if (process.env.IN_WORKER) throw new Error('not here');\n${text}`,
    ]);
    const run = await runProject(files(uses, tests, Object.fromEntries(module)), {
      test: { env: { IN_WORKER: '1' } },
    });
    expect(run.tests.map(({ test, state }) => [test.name, state])).toEqual([
      ['bad', 'failed'],
      ['good', 'failed'],
    ]);
    expect(run.errors['good']?.[0]).toMatch(/CX-CHECK-CRASHED: .*not here/);
  });

  test.each([
    ['without a check', { 'constitution/checks/naming.ts': 'export const a = 1;' }, 'the default export'],
    ['with a code of ours', own('return []', "{ 'CX-OWN': { summary: 's', hint: 'h' } }"), 'codes.CX-OWN'],
    ['that cannot be loaded', { 'constitution/checks/naming.ts': 'throw new Error("no")' }, 'no'],
  ])('a module %s stops the run', async (_what, module, message) => {
    await expect(runProject(files(uses, "test('a', () => {});", module))).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      message: expect.stringContaining(message),
      place: { file: 'constitution/checks/naming.ts' },
    });
  });

  test('an unknown one is named, with what there is', async () => {
    const wrong = runProject(files('checks: [{ uses: project/nameing }]', tests, own('return []')));
    await expect(wrong).rejects.toMatchObject({ hint: expect.stringContaining('project/naming') });
  });
});

describe('waivers', () => {
  const waiver = (name: string, until: string) =>
    `${asserting}\nwaivers: [{ test: '${name}', reason: agreed, until: ${until} }]`;
  const suite = "test('empty', () => {});\ntest('full', () => expect(1).toBe(1));";

  test('sets a finding aside', async () => {
    const run = await runProject(files(waiver('a.test.ts > empty', '2999-12-31'), suite));
    expect(run.tests.map(({ state }) => state)).toEqual(['passed', 'passed']);
    expect(run.constitution.articles).toMatchObject([{ governed: 2, findings: 0, waived: 1 }]);
    expect(run.exitCode).toBe(0);
  });

  test('an expired one does not', async () => {
    const run = await runProject(files(waiver('empty', '2020-01-01'), suite));
    expect(run.errors['empty']?.[0]).toMatch(/CX-WAIVER-EXPIRED: the waiver held until 2020-01-01/);
  });

  test('one with nothing to set aside, or no test, is a finding that fails nothing', async () => {
    for (const [name, known] of [
      ['full', true],
      ['gone', false],
    ] as const) {
      const run = await runProject(
        files(waiver(name, '2999-12-31'), "test('full', () => expect(1).toBe(1));"),
      );
      expect(run.constitution.findings).toMatchObject([
        {
          code: 'CX-WAIVER-UNUSED',
          severity: 'warn',
          values: { known },
          place: { file: 'constitution/i.yaml' },
        },
      ]);
      expect(run.exitCode).toBe(0);
    }
  });

  test('a filtered run says nothing of tests that did not run', async () => {
    const run = await runProject(files(waiver('gone', '2999-12-31'), suite), {
      test: { testNamePattern: /full/ },
    });
    expect(run.constitution.findings).toEqual([]);
  });
});

describe('what vitest holds for passed', () => {
  test('`test.fails` does not swallow a violation: the run fails', async () => {
    const run = await runProject(
      files(asserting, "test.fails('broken', () => { throw new Error('as expected'); });"),
    );
    expect(run.tests[0]?.state).toBe('passed');
    expect(run.constitution.findings).toHaveLength(1);
    expect(run.exitCode).toBe(1);
  });

  test('a finding about the suite fails the run where the article blocks, and not where it warns', async () => {
    const focused = (rest: string) =>
      runProject(files(`${rest}checks: [{ uses: no-focused }]`, "test.only('a', () => {});"), {
        test: { allowOnly: true },
      });
    const blocking = await focused('');
    expect(blocking.constitution.findings).toMatchObject([
      { code: 'CX-FOCUSED', test: null, place: { file: 'a.test.ts', line: 2 } },
    ]);
    expect(blocking.exitCode).toBe(1);
    const warning = await focused('severity: warn\n');
    expect(warning.constitution.findings).toHaveLength(1);
    expect(warning.exitCode).toBe(0);
  });
});

test('an article that governs no test of the whole suite is a finding', async () => {
  const run = await runProject(files(`${asserting}\nappliesTo: { files: ['b/**'] }`, "test('a', () => {});"));
  expect(run.constitution.findings).toMatchObject([
    { code: 'CX-ARTICLE-IDLE', severity: 'warn', test: null },
  ]);
});

test('tests that overlap are told apart from tests that are alone', async () => {
  const run = await runProject(
    files(
      "checks: [{ expect: '!test.overlapped', message: m }]",
      `import { setTimeout } from 'node:timers/promises';
test.concurrent('a', () => setTimeout(5));
test.concurrent('b', () => setTimeout(5));
test('alone', () => {});`,
    ),
  );
  expect(run.tests.map(({ state }) => state)).toEqual(['failed', 'failed', 'passed']);
});

test('the hooks tell what they cost', async () => {
  const run = await runProject(files(asserting, "test('a', () => expect(1).toBe(1));"));
  const [before, after] = run.tests[0]?.meta?.self ?? [];
  expect(before).toBeGreaterThan(0);
  expect(after).toBeGreaterThan(0);
});
