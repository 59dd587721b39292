import { z } from 'zod';
import { FAULT_KINDS } from '../core/fault.ts';
import type { Fixture } from '../core/fixture.ts';
import { fileName, loadNamedFiles, requireKnown } from './named-files.ts';

/** How the names of such files end. */
export const FIXTURE_ENDING = '.fixture.yaml';

const name = z.string().trim().min(1);
const json = z.record(z.string(), z.json());

/** A `*.fixture.yaml` file. */
export const fixtureSchema = z
  .strictObject({
    name: fileName.describe('Unique over the project; names the test.'),
    pipeline: name.describe('Name in fixtures/pipelines.yaml.'),
    environment: name.optional().describe('Python environment; default: that of the arm in gate.yaml.'),
    bug: name.optional().describe('Seeded bug as <role>/<id>: its visible fields are the inputs.'),
    inputs: json.optional().describe('Inputs of a run that is not about a seeded bug.'),
    repeat: z.int().min(0).max(49).default(0).describe('Sample number.'),
    faults: z
      .array(
        z.strictObject({ call: z.int().min(0).describe('0-based LM request.'), kind: z.enum(FAULT_KINDS) }),
      )
      .default([])
      .describe('Faults that the gateway puts in the place of answers.'),
    expect: z
      .strictObject({
        status: z.enum(['ok', 'error']).default('ok'),
        error: z
          .string()
          .regex(/^CX-[A-Z-]+$/)
          .optional()
          .describe('Code of the error that is expected.'),
        outcome: z
          .strictObject({ atLeast: z.number().min(0).max(1) })
          .optional()
          .describe('Least quality that the scorer must give.'),
        output: json.optional().describe('The output contains this, at every depth.'),
        stages: z.array(name).min(1).optional().describe('Stages of the run, in this order.'),
        schema: z.literal('stable').optional().describe('Signatures are the same everywhere.'),
        budget: z
          .strictObject({ calls: z.int().min(0).optional(), tokens: z.int().min(0).optional() })
          .optional()
          .describe('Largest use of the run.'),
        matchesBaseline: z
          .literal(true)
          .optional()
          .describe(
            'Outcome no worse than the baseline of the bug; the same output where the pipeline is the same.',
          ),
        withinBudget: z.literal(true).optional().describe('Growth over the baseline as gate.yaml allows it.'),
        violations: z
          .record(z.string(), z.int().min(0))
          .optional()
          .describe('Broken rules by kind; {} for none.'),
      })
      .describe('What must hold of the run.'),
  })
  .check((context) => {
    const { bug, inputs, expect } = context.value;
    if ((bug === undefined) === (inputs === undefined)) {
      context.issues.push({
        code: 'custom',
        message: 'give either "bug" or "inputs"',
        input: context.value,
        path: [],
      });
    }
    if (expect.error !== undefined && expect.status !== 'error') {
      context.issues.push({
        code: 'custom',
        message: 'a code is expected of a run with the status "error" only',
        input: expect.error,
        path: ['expect', 'error'],
      });
    }
  });

/** What fixtures may refer to. */
export interface FixtureNames {
  readonly pipelines: Iterable<string>;
  readonly environments?: Iterable<string>;
  /** Seeded bugs as `<role>/<id>`. */
  readonly bugs: Iterable<string>;
}

/**
 * Loads every `fixtures/**\/*.fixture.yaml` of a project, in order of their paths.
 *
 * @throws ConstitutionError CX-CONFIG-SYNTAX or -INVALID for the first file that is wrong or repeats a name, and
 * CX-CONFIG-REFERENCE where one names a pipeline, environment or bug that does not exist.
 */
export async function loadFixtures(root: string, names: FixtureNames): Promise<Fixture[]> {
  // The names may be iterators, which can be read only once.
  const pipelines = [...names.pipelines];
  const bugs = [...names.bugs];
  const environments = names.environments === undefined ? undefined : [...names.environments];
  const loaded = await loadNamedFiles(root, FIXTURE_ENDING, fixtureSchema);
  return loaded.map(({ bug, inputs, environment, ...rest }) => {
    requireKnown(rest.source, 'pipeline', rest.pipeline, pipelines);
    if (bug !== undefined) requireKnown(rest.source, 'seeded bug', bug, bugs);
    if (environment !== undefined && environments !== undefined) {
      requireKnown(rest.source, 'environment', environment, environments);
    }
    // zod leaves keys that were not given out; exactOptionalPropertyTypes cannot see that.
    return {
      ...rest,
      bug: bug ?? null,
      inputs: inputs ?? null,
      environment: environment ?? null,
    } as Fixture;
  });
}
