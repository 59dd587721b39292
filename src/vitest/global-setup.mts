// Runs once for each project, before the first test. vitest asks the plugins of a project for `configureVitest` and
// never those of a root that is no project itself: where no project has the plugin, nothing else of ours is called.
import type { TestProject } from 'vitest/node';
import { describeUngoverned } from '../report/ungoverned.ts';
import { wasAsked } from './setup-file.ts';
import { findUngoverned } from './ungoverned.ts';

export default function reportUngovernedRun(project: TestProject): void {
  const { vitest } = project;
  if (!project.isRootProject() || wasAsked(vitest)) return;
  const line = describeUngoverned(findUngoverned(vitest, []));
  if (line !== null) vitest.logger.error(`Constitution  ${line}`);
}
