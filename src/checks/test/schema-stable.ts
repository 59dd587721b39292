import type { CheckResult } from '../../core/finding.ts';
import { canonicalJson, type Json } from '../../core/json.ts';
import type { PredictorSchema } from '../../core/pipeline-schema.ts';
import type { TestCheck } from '../check.ts';

/** A pipeline's signatures are the same in every environment, and the same as in the baseline. */
export const check: TestCheck = {
  description:
    'The signatures of a pipeline are the same in every environment and the same as in the baseline.',
  needs: 'schemas',
  options: {
    instructions: {
      type: 'boolean',
      default: true,
      description: 'Compare the instructions of a signature too, not only its fields.',
    },
  },
  codes: { 'CX-SCHEMA-CHANGED': 'A predictor of a pipeline has another signature than in its reference.' },
  run(input, options) {
    const withInstructions = options['instructions'] === true;
    const references = new Map<string, { source: string; signatures: readonly PredictorSchema[] }>();
    for (const [pipeline, signatures] of Object.entries(input.baseline?.schemas ?? {})) {
      references.set(pipeline, { source: 'baseline', signatures });
    }
    const findings: CheckResult[] = [];
    for (const schema of input.schemas) {
      const reference = references.get(schema.pipeline);
      if (reference === undefined) {
        references.set(schema.pipeline, { source: schema.environment, signatures: schema.signatures });
        continue;
      }
      for (const predictor of changedPredictors(reference.signatures, schema.signatures, withInstructions)) {
        findings.push({
          code: 'CX-SCHEMA-CHANGED',
          values: {
            pipeline: schema.pipeline,
            predictor,
            environment: schema.environment,
            reference: reference.source,
            was: pick(reference.signatures, predictor),
            is: pick(schema.signatures, predictor),
          },
        });
      }
    }
    return findings;
  },
};

function changedPredictors(
  was: readonly PredictorSchema[],
  is: readonly PredictorSchema[],
  withInstructions: boolean,
): string[] {
  const form = (schemas: readonly PredictorSchema[], name: string): string => {
    const found = schemas.find((schema) => schema.predictor === name);
    if (found === undefined) return 'absent';
    return canonicalJson({
      fields: found.fields as unknown as Json,
      instructions: withInstructions ? found.instructions : null,
    });
  };
  const names = new Set([...was, ...is].map((schema) => schema.predictor));
  return [...names].filter((name) => form(was, name) !== form(is, name));
}

function pick(schemas: readonly PredictorSchema[], predictor: string): Json {
  return (schemas.find((schema) => schema.predictor === predictor) ?? null) as unknown as Json;
}
