import { loadEnvironments } from '../config/environments.ts';
import { FIXTURE_ENDING } from '../config/fixtures.ts';
import { filesOfKind } from '../config/named-files.ts';
import { loadProjectFixtures } from '../config/project-fixtures.ts';
import { type DeclaredPytestSuite, loadPytestSuites } from '../config/pytest-suites.ts';
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
  const suites = await loadPytestSuites(root, await loadEnvironments(root));
  // A project that has none needs no pipelines either.
  const some = (await filesOfKind(root, FIXTURE_ENDING)).length > 0;
  return { suites, fixtures: some ? (await loadProjectFixtures(root)).fixtures : [] };
}
