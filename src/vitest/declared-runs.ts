import { loadSeededBugs } from '../config/bugs.ts';
import { loadEnvironments } from '../config/environments.ts';
import { FIXTURE_ENDING, loadFixtures } from '../config/fixtures.ts';
import { filesOfKind } from '../config/named-files.ts';
import { loadPipelines } from '../config/pipelines.ts';
import { type DeclaredPytestSuite, loadPytestSuites } from '../config/pytest-suites.ts';
import type { EnvironmentDeclaration } from '../core/environment.ts';
import type { Fixture } from '../core/fixture.ts';

/** What a project has run beside its seeded bugs. */
export interface DeclaredRuns {
  /** Of the `*.fixture.yaml`. */
  readonly fixtures: readonly Fixture[];
  /** Of the `*.pytest.yaml`. */
  readonly suites: readonly DeclaredPytestSuite[];
}

/** @throws ConstitutionError for a file that is wrong or names what does not exist. */
export async function loadDeclaredRuns(root: string): Promise<DeclaredRuns> {
  const environments = await loadEnvironments(root);
  const suites = await loadPytestSuites(root, environments);
  return { suites, fixtures: await fixturesOf(root, environments) };
}

/** A project that has none needs no pipelines either. */
async function fixturesOf(root: string, environments: readonly EnvironmentDeclaration[]): Promise<Fixture[]> {
  if ((await filesOfKind(root, FIXTURE_ENDING)).length === 0) return [];
  const [pipelines, bugs] = await Promise.all([loadPipelines(root), loadSeededBugs(root)]);
  return loadFixtures(root, {
    pipelines: pipelines.keys(),
    environments: environments.map((environment) => environment.name),
    bugs: bugs.map((bug) => `${bug.role}/${bug.id}`),
  });
}
