import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProject } from './test-support.ts';

const ARTICLE = 'id: I\ntitle: t\nwhy: w\nchecks:\n  - uses: must-assert\n';

test('a file that cannot load and the codes of a failure reach JUnit, with their project', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'junit-'));
  const junit = path.join(folder, 'junit.xml');
  try {
    await runProject(
      {
        'constitution/i.yaml': ARTICLE,
        'src/a.test.ts': "import { test } from 'vitest';\ntest('empty', () => {});\n",
        'src/b.test.ts': "import './missing.ts';\n",
      },
      { test: { name: 'web' }, constitution: { reporter: { junit, silent: true } } },
    );
    const xml = await readFile(junit, 'utf8');
    expect(xml).toContain('<testsuite name="[web] src/b.test.ts" tests="1" failures="0" errors="1"');
    expect(xml).toMatch(/<error message="[^"]*\.\/missing\.ts/);
    expect(xml).toMatch(/<failure message="article I &quot;t&quot; [^"]*&#10;CX-NO-ASSERTION: /);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the mode is the one that vitest leaves: `only` where the test did not run all the same', async () => {
  const { tests } = await runProject(
    {
      'a.test.ts': `import { describe, expect, test } from 'vitest';
describe.skip('s', () => { test.only('in a skipped suite', () => {}); });
test.only('focused', () => { expect(1).toBe(1); });
test('beside', () => {});
test.todo('later');`,
    },
    { test: { allowOnly: true } },
  );
  expect(tests.map(({ test, mode }) => [test.name, mode])).toEqual([
    ['s > in a skipped suite', 'only'],
    ['focused', 'run'],
    ['beside', 'skip'],
    ['later', 'todo'],
  ]);
});
