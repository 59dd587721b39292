import { afterAll, inject, test } from 'vitest';
import { secretsOf } from '../../config/bug-secrets.ts';
import type { PipelineRun } from '../../core/pipeline-run.ts';
import { isJudged, type SeededBug } from '../../core/seeded-bug.ts';
import { keep, metaOf, type TaskWithMeta } from '../meta.ts';
import { onBug, type RunRequest } from '../run-request.ts';
import { closeWorkbench, openWorkbench, type Workbench } from '../workbench.ts';
import { KeptRuns } from './kept-runs.ts';
import { type PlannedArm, playerKey } from './planned-arm.ts';
import './provided.ts';
import { runShape } from './run-shape.ts';

/**
 * Defines one test a seeded bug: it runs every arm with all its repeats, interleaved. Whether a pipeline repairs the bug is
 * an outcome in the test's meta data; the test itself fails only where something is broken.
 */
export function seededBugs(keys: readonly string[]): void {
  const { arms, split } = inject('gate');
  const repeats = Math.max(...arms.map((arm) => arm.repeats));
  afterAll(closeWorkbench);
  for (const key of keys) {
    test(key, { timeout: 0 }, async ({ task, signal }) => {
      const bench = await openWorkbench();
      const bug = bench.bug(key);
      for (let repeat = 0; repeat < repeats; repeat++) {
        // Arms that do the same share a run, as they share its recording.
        const made = new Map<string, PipelineRun>();
        for (const arm of arms) {
          const player = playerKey(arm, bug.role);
          if (player === undefined || repeat >= arm.repeats) continue;
          if (arm.variant && !isJudged(bug.split, split)) continue;
          const known = made.get(player);
          const run = known ?? (await runOnce(bench, task, bug, arm, repeat, signal));
          made.set(player, run);
          keepRun(task, arm, { ...run, arm: arm.arm, id: `${bug.role}/${bug.id}/${arm.name}/${repeat}` });
        }
      }
    });
  }
}

/** Runs an arm once, or takes the run that an interrupted gate has left. */
async function runOnce(
  bench: Workbench,
  task: TaskWithMeta,
  bug: SeededBug,
  arm: PlannedArm,
  repeat: number,
  signal: AbortSignal,
): Promise<PipelineRun> {
  const { pipeline: name, environment } = arm.roles[bug.role] as PlannedArm['roles'][string];
  const pipeline = bench.pipeline(name);
  const request: RunRequest = {
    pipeline,
    environment,
    ...onBug(bug, pipeline, bench.root),
    arm: arm.arm,
    ...(arm.variant ? { name: arm.name } : {}),
    repeat,
    session: arm.session,
    // A replay asks no model: what is recorded was looked through when it was recorded, and is again by `bugs verify`.
    ...(bench.mode === 'replay' ? {} : { secrets: await secretsOf(bench.root, bug) }),
  };
  const { keep: keeping } = inject('gate');
  if (keeping === undefined) return bench.runner.run(request, signal);
  const kept = await openKept(bench.root, keeping.resume);
  const shape = runShape(keeping.shape, request, await bench.runner.environment(environment), bug.sha256);
  const before = await kept.find(shape);
  if (before !== null) {
    const meta = metaOf(task);
    meta.resumed = (meta.resumed ?? 0) + 1;
    return before;
  }
  const run = await bench.runner.run(request, signal);
  await kept.add(shape, run);
  return run;
}

let opened: Promise<KeptRuns> | undefined;

/** Once a worker: its files share what they read and the file they append to. */
function openKept(root: string, resume: boolean): Promise<KeptRuns> {
  opened ??= KeptRuns.open(root, resume);
  return opened;
}

/** A variant's runs are kept apart: articles and the verdict see the two arms only. */
function keepRun(task: TaskWithMeta, arm: PlannedArm, run: PipelineRun): void {
  if (!arm.variant) {
    keep(task, 'runs', run);
    return;
  }
  const meta = metaOf(task);
  meta.variants = { ...meta.variants, [arm.name]: [...(meta.variants?.[arm.name] ?? []), run] };
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
