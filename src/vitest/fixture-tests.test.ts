import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { runProject } from './test-support.ts';

const SUITE = path.join(packageRoot(), 'src/pytest/testdata/service');
let run: Awaited<ReturnType<typeof runProject>>;

// A project without pipelines of its own: what it has is a suite, once from the older version to the newer one, once back.
beforeAll(async () => {
  run = await runProject(
    {
      'fixtures/help-desk.pytest.yaml': `name: help-desk\nroot: ${SUITE}\nsecondsPerTest: 5\n`,
      'fixtures/help-desk-back.pytest.yaml': `name: help-desk-back
root: ${SUITE}
environments: [3.0.1, dspy-2.6.27]
arguments: ["-k", "not hangs"]
strict: true
`,
      'suite.test.ts': `import { fixtureTests } from '../../../src/vitest/test.ts';\nawait fixtureTests();\n`,
    },
    { linked: ['gate.yaml', 'environments', 'constraints.txt', '.constitution/envs', '.constitution/cache'] },
  );
}, 600_000);

const statesOf = (suite: string) =>
  run.tests.flatMap(({ test: { name }, state }) => {
    const [, id] = name.split(`pytest ${suite} > `);
    return id === undefined ? [] : [[id.replace(/^tests\//, ''), state]];
  });

test('a suite that a file names is compared test by test, from the baseline of the gate to its candidate', () => {
  expect(statesOf('help-desk')).toEqual([
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
    ['the suite as a whole', 'passed'],
  ]);
});

test('its environments, arguments and strictness are those of the file', () => {
  expect(statesOf('help-desk-back')).toEqual([
    ['unit/test_old_import.py', 'passed'],
    ['test_prompts.py::test_fields', 'passed'],
    ['test_prompts.py::test_shortened[a short one-a short one]', 'passed'],
    ['test_prompts.py::test_shortened[one that is too long-one that is\\u2026]', 'passed'],
    ['test_prompts.py::test_base_class', 'passed'],
    ['test_prompts.py::test_result_is_an_object', 'failed'],
    ['test_prompts.py::test_limit_of_zero', 'failed'],
    ['test_prompts.py::test_old_settings', 'passed'],
    ['test_prompts.py::test_undecided', 'passed'],
    ['test_prompts.py::test_new_type', 'failed'],
    ['unit/test_old_import.py::test_module', 'passed'],
    ['the suite as a whole', 'passed'],
  ]);
});
