import { afterAll, inject, test } from 'vitest';
import { keep, type TaskWithMeta } from '../meta.ts';
import { closeWorkbench, openWorkbench } from '../workbench.ts';
import './provided.ts';
import { visibleInputs } from './visible-inputs.ts';

/**
 * Defines one test a seeded bug: it runs both arms with all their repeats, interleaved. Whether a pipeline repairs
 * the bug is an outcome in the test's meta data; the test itself fails only where something is broken.
 */
export function seededBugs(keys: readonly string[]): void {
  const { arms, repeats } = inject('gate');
  afterAll(closeWorkbench);
  for (const key of keys) {
    test(key, { timeout: 0 }, async ({ task, signal }) => {
      const bench = await openWorkbench();
      const bug = bench.bug(key);
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const arm of arms) {
          const pipeline = bench.pipelineOf(bug.role, arm);
          const run = await bench.runner.run(
            {
              pipeline,
              environment: bench.gate.environments[arm],
              case: bug.id,
              arm,
              repeat,
              inputs: visibleInputs(bug, pipeline),
              caseFolder: bench.folderOf(bug),
            },
            signal,
          );
          keep(task as TaskWithMeta, 'runs', run);
        }
      }
    });
  }
}

/** Defines one test a role: the signatures of its pipelines in both environments, for articles to compare. */
export function roleSchemas(roles: readonly string[]): void {
  afterAll(closeWorkbench);
  for (const role of roles) {
    test(`signatures of ${role}`, { timeout: 0 }, async ({ task }) => {
      const bench = await openWorkbench();
      const { baseline, candidate } = bench.gate.environments;
      for (const pipeline of [bench.pipelineOf(role, 'baseline'), bench.pipelineOf(role, 'candidate')]) {
        for (const environment of new Set([baseline, candidate])) {
          keep(task as TaskWithMeta, 'schemas', await bench.runner.schema(pipeline, environment));
        }
      }
    });
  }
}
