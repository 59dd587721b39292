import { beforeAll, expect, test } from 'vitest';
import { SERVICE } from '../pytest/test-support.ts';
import { runProject, SERVICE_STATES } from './test-support.ts';

let run: Awaited<ReturnType<typeof runProject>>;

// A project without pipelines of its own: what it has is a suite, once from the older version to the newer one, once back.
beforeAll(async () => {
  run = await runProject(
    {
      'fixtures/help-desk.pytest.yaml': `name: help-desk\nroot: ${SERVICE}\nsecondsPerTest: 5\n`,
      'fixtures/help-desk-back.pytest.yaml': `name: help-desk-back
root: ${SERVICE}
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
  expect(statesOf('help-desk')).toEqual([...SERVICE_STATES, ['the suite as a whole', 'passed']]);
});

test('its environments, arguments and strictness are those of the file', () => {
  // The way back: what is new was there before, and what fails in both versions fails.
  const failing = /test_(result_is_an_object|limit_of_zero|new_type)$/;
  const expected = SERVICE_STATES.map(([id = '']) => id)
    .filter((id) => !id.includes('hangs'))
    .map((id) => [id, failing.test(id) ? 'failed' : 'passed']);
  expect(statesOf('help-desk-back').sort()).toEqual([...expected, ['the suite as a whole', 'passed']].sort());
});
