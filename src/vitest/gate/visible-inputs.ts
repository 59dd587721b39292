import { ConstitutionError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { keyOf } from './plan.ts';

/**
 * The fields of a bug that a pipeline declares as its inputs: it is told nothing else.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE for an input that the bug does not show.
 */
export function visibleInputs(
  bug: SeededBug,
  pipeline: { readonly name: string; readonly inputs: readonly string[] },
): JsonObject {
  const inputs: JsonObject = {};
  for (const name of pipeline.inputs) {
    const value = bug.visible[name];
    if (value === undefined) {
      throw new ConstitutionError(
        'CX-CONFIG-REFERENCE',
        `pipeline ${pipeline.name} asks for the input "${name}", which ${keyOf(bug)} does not show`,
        {
          place: { file: 'fixtures/pipelines.yaml' },
          hint: `It shows: ${Object.keys(bug.visible).join(', ')}.`,
        },
      );
    }
    inputs[name] = value;
  }
  return inputs;
}
