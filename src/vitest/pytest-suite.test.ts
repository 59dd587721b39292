import { beforeAll, expect, test } from 'vitest';
import { SERVICE } from '../pytest/test-support.ts';
import { runProject, SERVICE_STATES } from './test-support.ts';

let run: Awaited<ReturnType<typeof runProject>>;

beforeAll(async () => {
  run = await runProject(
    {
      'suite.test.ts': `import { pytestSuite } from '../../../src/vitest/test.ts';
await pytestSuite({ root: ${JSON.stringify(SERVICE)}, environments: ['2.6.27', '3.0.1'], secondsPerTest: 5 });`,
    },
    { linked: ['environments', 'constraints.txt', '.constitution/envs', '.constitution/cache'] },
  );
}, 600_000);

test('every pytest test is a test by its id, and fails where the later version is worse', () => {
  const states = run.tests.map(({ test: { name }, state }) => [name.split('tests/').at(-1), state]);
  expect(states).toEqual([...SERVICE_STATES, [expect.stringMatching(/ > the suite as a whole$/), 'passed']]);
});

test('a failure says what it was, what it is, and why', () => {
  const [, messages] = Object.entries(run.errors).find(([name]) => name.endsWith('::test_base_class')) ?? [];
  expect(messages?.[0]).toContain(
    "CX-PYTEST-WORSE: broken, passed → failed: AttributeError: module 'dspy' has no attribute 'Program'",
  );
});
