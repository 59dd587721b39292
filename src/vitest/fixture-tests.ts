import { inject } from 'vitest';
import { loadEnvironments } from '../config/environments.ts';
import { FIXTURE_ENDING } from '../config/fixtures.ts';
import { filesOfKind } from '../config/named-files.ts';
import { loadProjectFixtures } from '../config/project-fixtures.ts';
import { loadPytestSuites } from '../config/pytest-suites.ts';
import { brokenExpectations } from '../core/broken-expectations.ts';
import type { Fixture } from '../core/fixture.ts';
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
  const environments = await loadEnvironments(root);
  const suites = await loadPytestSuites(root, environments);
  // A project that has none needs no pipelines either.
  const some = (await filesOfKind(root, FIXTURE_ENDING)).length > 0;
  const fixtures = some ? (await loadProjectFixtures(root)).fixtures : [];
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
