import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { runProject } from './test-support.ts';

const SUITE = path.join(packageRoot(), 'src/pytest/testdata/service');
let run: Awaited<ReturnType<typeof runProject>>;

beforeAll(async () => {
  run = await runProject(
    {
      'suite.test.ts': `import { pytestSuite } from '../../../src/vitest/test.ts';
await pytestSuite({ root: ${JSON.stringify(SUITE)}, environments: ['2.6.27', '3.0.1'], secondsPerTest: 5 });`,
    },
    { linked: ['environments', 'constraints.txt', '.constitution/envs', '.constitution/cache'] },
  );
}, 600_000);

test('every pytest test is a test by its id, and fails where the later version is worse', () => {
  const states = run.tests.map(({ test: { name }, state }) => [name.split('tests/').at(-1), state]);
  expect(states).toEqual([
    ['unit/test_old_import.py', 'failed'],
    ['test_prompts.py::test_fields', 'passed'],
    ['test_prompts.py::test_shortened[a short one-a short one]', 'passed'],
    ['test_prompts.py::test_shortened[one that is too long-one that is\\u2026]', 'passed'],
    ['test_prompts.py::test_base_class', 'failed'],
    ['test_prompts.py::test_result_is_an_object', 'passed'],
    ['test_prompts.py::test_limit_of_zero', 'skipped'],
    ['test_prompts.py::test_hangs', 'skipped'],
    ['test_prompts.py::test_after_the_one_that_hangs', 'passed'],
    ['test_prompts.py::test_old_settings', 'skipped'],
    ['test_prompts.py::test_undecided', 'passed'],
    ['unit/test_old_import.py::test_module', 'failed'],
    ['test_prompts.py::test_new_type', 'passed'],
    [expect.stringMatching(/ > the suite as a whole$/), 'passed'],
  ]);
});

test('a failure says what it was, what it is, and why', () => {
  const [, messages] = Object.entries(run.errors).find(([name]) => name.endsWith('::test_base_class')) ?? [];
  expect(messages?.[0]).toContain(
    "CX-PYTEST-WORSE: broken, passed → failed: AttributeError: module 'dspy' has no attribute 'Program'",
  );
});
