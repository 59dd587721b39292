import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ended, runVitest, withProject } from './run-vitest.ts';
import { VERSIONS, type Version } from './versions.ts';

/** What a person has to read of a broken test: article, code, measured against allowed, and what to do. */
const MESSAGE = `article I "Tests assert" (constitution/1-assert.yaml)
  CX-NO-ASSERTION: the test made 0 assertions, at least 1 are asked for
  hint: Assert what the code under test is to do; \`expect.assertions(n)\` guards assertions in callbacks.
article III "The environment stays" (constitution/3-env.yaml)
  CX-ENV-LEAK: the test left environment variables added (LITTLE_MODE)
  hint: Set them with \`vi.stubEnv\` and undo it, or put them back in \`afterEach\`.`;

const LINE = 8;

async function runFailures(version: Version, reporters: readonly string[]): Promise<Ended> {
  return withProject(version, { name: 'failures', governed: true }, (project) =>
    runVitest(project, { reporters, collect: false }),
  );
}

interface View {
  readonly name: string;
  readonly sent: readonly SerializedError[];
  readonly held: readonly SerializedError[];
}

interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly stacks?: readonly { readonly file: string; readonly line: number; readonly column: number }[];
}

describe.each(VERSIONS)('vitest $line', (version) => {
  test('the terminal shows the message, and the test with the lines around it', async () => {
    const { stderr } = await runFailures(version, ['default']);
    const [, shown = ''] = stderr.split(' FAIL  a.test.ts > settings > are left behind\n');
    const wanted = `ArticleViolation: ${MESSAGE}\n ❯ a.test.ts:${LINE}:3\n`;
    expect(shown.slice(0, wanted.length)).toBe(wanted);
    expect(shown).toMatch(/ 8\| {3}test\('are left behind', \(\) => \{\n +\| {3}\^\n/);
  });

  test("VS Code's test view and the HTML report get the message, and the place of the test", async () => {
    const { stdout } = await runFailures(version, ['./views-reporter.mjs']);
    const line = stdout.split('\n').find((one) => one.startsWith('views: ')) ?? '';
    const views = JSON.parse(line.slice('views: '.length)) as View[];
    expect(views.map(({ name }) => name)).toEqual(['are left behind']);
    for (const errors of [views[0]?.sent, views[0]?.held]) {
      expect(errors).toMatchObject([{ name: 'ArticleViolation', message: MESSAGE }]);
      const [error] = errors as [SerializedError];
      expect(error.stacks).toMatchObject([{ file: '<root>/a.test.ts', line: LINE, column: 3 }]);
      // For a view that reads the text instead.
      expect(error.stack.split('\n').at(-1)).toBe(`    at <root>/a.test.ts:${LINE}:3`);
      // Where these are given, VS Code shows their difference in the place of the message.
      for (const key of ['expected', 'actual', 'diff']) expect(error).not.toHaveProperty(key);
    }
  });
});

test('the line is that of the test', async () => {
  const source = await readFile(path.join(import.meta.dirname, 'projects/failures/a.test.ts'), 'utf8');
  expect(source.split('\n')[LINE - 1]).toBe("  test('are left behind', () => {");
});
