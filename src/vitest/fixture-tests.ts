import { inject } from 'vitest';
import { brokenExpectations } from '../core/broken-expectations.ts';
import type { Fixture } from '../core/fixture.ts';
import { loadDeclaredRuns } from './declared-runs.ts';
import type { Dspy } from './dspy.ts';
import { expect, test } from './dspy-test.ts';
import { pytestSuite } from './pytest-suite.ts';

/**
 * Defines one test for each `*.fixture.yaml` of the project, and the tests of each pytest suite that a `*.pytest.yaml` names.
 * To be awaited at the top of a test file.
 *
 * @throws ConstitutionError for a file that is wrong or names what does not exist, and as {@link pytestSuite}.
 */
export async function fixtureTests(): Promise<void> {
  const { root } = inject('constitution');
  const { fixtures, suites } = await loadDeclaredRuns(root);
  for (const fixture of fixtures) test(fixture.name, { timeout: 0 }, ({ dspy }) => check(fixture, dspy));
  for (const { source: _, environments: pair, ...suite } of suites)
    await pytestSuite({ ...suite, ...(pair === undefined ? {} : { environments: pair }) });
}

async function check(fixture: Fixture, dspy: Dspy): Promise<void> {
  const { pipeline, environment, bug, inputs, repeat, faults, name, source } = fixture;
  const run = await dspy.run({
    pipeline,
    case: name,
    repeat,
    faults,
    ...(environment === null ? {} : { environment }),
    ...(bug === null ? {} : { bug }),
    ...(inputs === null ? {} : { inputs }),
  });
  const broken = brokenExpectations(run, fixture.expect);
  expect(broken, [`${source}: ${run.detail}`, ...broken].join('\n')).toEqual([]);
  if (fixture.expect.schema === 'stable') await dspy.schema(pipeline, run.environment);
  if (fixture.expect.matchesBaseline) await expect(run).toMatchBaseline();
  if (fixture.expect.withinBudget) await expect(run).toStayWithinBudget();
}
