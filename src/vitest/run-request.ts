import path from 'node:path';
import type { BugSecrets } from '../core/bug-secrets.ts';
import type { PlannedFault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Arm } from '../core/pipeline-run.ts';
import type { SeededBug } from '../core/seeded-bug.ts';
import { visibleInputs } from './gate/visible-inputs.ts';

/** One run that is asked for. */
export interface RunRequest {
  readonly pipeline: Pipeline;
  readonly environment: string;
  /** Id of the seeded bug or fixture; names the recording. */
  readonly case: string;
  readonly arm: Arm;
  /** Names the run in its id instead of `arm`, for an arm beside the two. */
  readonly name?: string;
  /** 0-based sample number. */
  readonly repeat: number;
  /** Number of a further session of recordings, with seeds of its own. Default 0, the recordings of the gate. */
  readonly session?: number;
  readonly inputs: JsonObject;
  readonly faults?: readonly PlannedFault[];
  /** What no LM request may hold, where one goes to a model. */
  readonly secrets?: BugSecrets;
  /** Absolute folder of the seeded bug, for the scorer; a run without it is not scored. */
  readonly caseFolder?: string;
}

/**
 * What a run on a seeded bug is asked: its visible fields are the inputs, and the scorer is told of its folder.
 *
 * @param root Of the project.
 * @throws ConstitutionError as {@link visibleInputs}.
 */
export function onBug(
  bug: SeededBug,
  pipeline: Pipeline,
  root: string,
): Pick<RunRequest, 'case' | 'inputs' | 'caseFolder'> {
  return { case: bug.id, inputs: visibleInputs(bug, pipeline), caseFolder: path.join(root, bug.folder) };
}

/**
 * Where the LM calls of a run are recorded, relative to the recordings folder: named by what was run, so that arms, variants
 * and fixtures share recordings. Further sessions have a folder of their own.
 */
export function recordingPath(request: Omit<RunRequest, 'arm' | 'inputs'>): string {
  const { pipeline, environment, case: name, repeat, session = 0, faults = [] } = request;
  const folder = session === 0 ? '' : `session-${session + 1}/`;
  const met = faults.map(({ call, kind }) => `.${kind}-${call}`).join('');
  return `${folder}${pipeline.role}/${name}/${pipeline.name}@${environment}.${repeat}${met}.json`;
}

/** `<role>/<case>/<arm>/<repeat>`. */
export function runId({ pipeline, case: name, arm, name: label = arm, repeat }: RunRequest): string {
  return `${pipeline.role}/${name}/${label}/${repeat}`;
}
