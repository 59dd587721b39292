import path from 'node:path';
import { z } from 'zod';
import { loadYaml } from './load-yaml.ts';

const name = z.string().trim().min(1);
const arms = z.strictObject({
  baseline: name.describe('Pipeline (in pipelines.yaml) as it runs today.'),
  candidate: name.describe('Pipeline that would replace it.'),
});
const alpha = z
  .number()
  .gt(0)
  .lt(0.5)
  .default(0.05)
  .describe('Chance of a pass where there is no improvement.');

/** Names that runs of other arms have in their ids. */
const RESERVED = ['baseline', 'candidate', 'second-session'];

const ablation = z.strictObject({
  title: name.optional().describe('What it shows, in a few words.'),
  roles: z
    .record(
      name,
      z.strictObject({
        pipeline: name.describe('Pipeline in fixtures/pipelines.yaml.'),
        environment: name.describe('Python environment in environments/.'),
      }),
    )
    .describe('Who plays each role; a role may be left out.'),
});

/** An arm beside the two, for the table of what each step brings. */
export type Ablation = z.output<typeof ablation>;

/** `gate.yaml`: what the gate compares, and by which rule. */
export const gateSchema = z.strictObject({
  environments: arms
    .extend({ baseline: name, candidate: name })
    .describe('Python environment (in environments/) of each arm.'),
  roles: z
    .record(
      name,
      arms.extend({
        optimized: name
          .optional()
          .describe('Pipeline with an optimized program: the candidate where OPTIMIZE_<ROLE> is 1.'),
        prover: name
          .optional()
          .describe(
            'Class that proves a seeded bug, as package.module:name in fixtures/: Prover(folder, repeats)() answers.',
          ),
      }),
    )
    .describe('The two pipelines of each role.'),
  repeats: z.int().min(1).max(50).default(3).describe('Samples of each bug and arm.'),
  split: z.enum(['test', 'all']).default('test').describe('The bugs that the verdict is made from.'),
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe('Seed of the resampling statistics and of the requests to the LM.'),
  policy: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('improvement'),
        threshold: z
          .number()
          .min(0)
          .max(10)
          .default(0.15)
          .describe('Relative improvement that is asked for.'),
        alpha,
      }),
      z.strictObject({
        kind: z.literal('non-inferiority'),
        margin: z.number().gt(0).lt(1).describe('Absolute loss of success rate that is accepted.'),
        alpha,
      }),
    ])
    .default({ kind: 'improvement', threshold: 0.15, alpha: 0.05 }),
  inconclusiveExitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(2)
    .describe('Exit code of an inconclusive verdict.'),
  budgets: z
    .strictObject({
      latency: z.number().gt(-1).default(0.2).describe('Allowed relative growth of modelled latency.'),
      tokens: z.number().gt(-1).default(0.25).describe('Allowed relative growth of tokens.'),
    })
    .default({ latency: 0.2, tokens: 0.25 }),
  lm: z.strictObject({
    model: name.describe('Model name as the endpoint knows it.'),
    endpoint: z
      .url()
      .optional()
      .describe('OpenAI-compatible base URL; without it the embedded model is served.'),
    apiKeyVariable: name.optional().describe('Environment variable that holds the key of the endpoint.'),
    parameters: z
      .record(z.string(), z.json())
      .default({})
      .describe('Passed to dspy.LM: temperature, max_tokens, ...'),
  }),
  ablations: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'not of the form no-lm-control' })
        .refine((key) => !RESERVED.includes(key), { error: 'the name of an arm' }),
      ablation,
    )
    .default({})
    .describe('Further arms by name, run by `gate --ablations`.'),
  ablationRepeats: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('Samples of each bug in those further arms. Default: `repeats`.'),
  callAllowance: z
    .int()
    .min(1)
    .max(1000)
    .default(6)
    .describe('LM calls a run may make, the same for both arms.'),
  runTimeoutSeconds: z
    .number()
    .gt(0)
    .max(3600)
    .default(120)
    .describe('Longest time of a run in seconds, where its pipeline allows no less.'),
  quick: z.array(name).default([]).describe('Bugs of `gate --quick`, as <role>/<id>.'),
});

/** The settings of the gate, complete. */
export type GateConfig = z.output<typeof gateSchema>;

/** Loads `gate.yaml` of a project. */
export function loadGate(root: string): Promise<GateConfig> {
  return loadYaml(path.join(root, 'gate.yaml'), gateSchema, { root });
}
