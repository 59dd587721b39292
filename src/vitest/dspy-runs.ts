import { ConstitutionError } from '../core/errors.ts';
import type { Arm, PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';
import type { Dspy, DspyRequest } from './dspy.ts';
import { keep, type TaskWithMeta } from './meta.ts';
import { onBug } from './run-request.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** What stands behind the `dspy` fixture of one test: every run is kept in the test's meta data. */
export class DspyRuns implements Dspy {
  readonly #task: TaskWithMeta;

  constructor(task: TaskWithMeta) {
    this.#task = task;
  }

  async run(request: DspyRequest): Promise<PipelineRun> {
    const bench = await openWorkbench();
    const pipeline = bench.pipeline(request.pipeline);
    const arm = armOf(bench, request.pipeline);
    const bug = request.bug === undefined ? undefined : bench.bug(request.bug);
    if (bug === undefined && request.case === undefined) {
      throw new ConstitutionError('CX-CONFIG-REFERENCE', 'a run without a seeded bug needs a `case`', {
        hint: 'It names the recording, e.g. { case: "greeting" }.',
      });
    }
    const run = await bench.runner.run({
      pipeline,
      environment: request.environment ?? bench.gate.environments[arm],
      arm,
      repeat: request.repeat ?? 0,
      faults: request.faults ?? [],
      ...(bug === undefined
        ? { case: request.case as string, inputs: request.inputs ?? {} }
        : onBug(bug, pipeline, bench.root)),
    });
    keep(this.#task, 'runs', run);
    return run;
  }

  async schema(name: string, environment?: string): Promise<PipelineSchema> {
    const bench = await openWorkbench();
    const place = environment ?? bench.gate.environments[armOf(bench, name)];
    const schema = await bench.runner.schema(bench.pipeline(name), place);
    keep(this.#task, 'schemas', schema);
    return schema;
  }
}

/** The arm that `gate.yaml` gives a pipeline; one that it does not name counts as a candidate. */
function armOf({ gate }: Workbench, pipeline: string): Arm {
  return Object.values(gate.roles).some((role) => role.baseline === pipeline) ? 'baseline' : 'candidate';
}
