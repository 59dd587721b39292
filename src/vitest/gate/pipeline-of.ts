import { ConstitutionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Pipeline } from '../../core/pipeline.ts';

/**
 * The pipeline of that name, where it is one for the role.
 *
 * @param where who plays it, as a person is told
 * @throws ConstitutionError CX-CONFIG-REFERENCE where there is none, or it is one for another role
 */
export function pipelineOf(
  role: string,
  name: string,
  pipelines: ReadonlyMap<string, Pipeline>,
  where: string,
): Pipeline {
  const pipeline = pipelines.get(name);
  if (pipeline === undefined) {
    throw reference(`there is no pipeline "${name}" for ${where}`, didYouMean(name, [...pipelines.keys()]));
  }
  if (pipeline.role !== role) {
    const own = [...pipelines.values()].filter((other) => other.role === role).map((other) => other.name);
    throw reference(
      `the pipeline "${name}" for ${where} is one for the role ${pipeline.role}`,
      `Pipelines of ${role}: ${own.join(', ')}.`,
    );
  }
  return pipeline;
}

function reference(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-CONFIG-REFERENCE', message, { place: { file: 'gate.yaml' }, hint });
}
