import type { Fixture } from '../core/fixture.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { SeededBug } from '../core/seeded-bug.ts';
import { loadSeededBugs } from './bugs.ts';
import { loadEnvironments } from './environments.ts';
import { loadFixtures } from './fixtures.ts';
import { loadPipelines } from './pipelines.ts';

/** The fixtures of a project, with what they name. */
export interface ProjectFixtures {
  readonly fixtures: readonly Fixture[];
  /** By name. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** By `<role>/<id>`. */
  readonly bugs: ReadonlyMap<string, SeededBug>;
}

/** Loads the fixtures of a project. @throws ConstitutionError as {@link loadFixtures}, and for what they name. */
export async function loadProjectFixtures(root: string): Promise<ProjectFixtures> {
  const [environments, pipelines, listed] = await Promise.all([
    loadEnvironments(root),
    loadPipelines(root),
    loadSeededBugs(root),
  ]);
  const bugs = new Map(listed.map((bug) => [`${bug.role}/${bug.id}`, bug]));
  const fixtures = await loadFixtures(root, {
    pipelines: pipelines.keys(),
    environments: environments.map(({ name }) => name),
    bugs: bugs.keys(),
  });
  return { fixtures, pipelines, bugs };
}
