import path from 'node:path';
import { z } from 'zod';
import type { Pipeline } from '../core/pipeline.ts';
import { loadYaml } from './load-yaml.ts';

const name = z.string().trim().min(1);
const entry = z
  .string()
  .regex(/^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/, { error: 'not of the form package.module:name' });

const pipelineSchema = z.strictObject({
  role: name.describe('Role that the pipeline plays, e.g. coder.'),
  entry: entry.describe('Factory, as package.module:name with fixtures/ as root.'),
  params: z.record(z.string(), z.json()).default({}).describe('Keyword arguments of the factory.'),
  inputs: z.array(name).default([]).describe('Fields of a seeded bug that the pipeline is told.'),
  scorer: entry.optional().describe('Function that judges an output: f(case_folder, output).'),
  lm: z.boolean().default(true).describe('false: it asks no language model, and is given none.'),
  stages: z.array(name).default([]).describe('Modules that run, in their order.'),
  limits: z.strictObject({ seconds: z.number().gt(0).max(3600).default(120) }).default({ seconds: 120 }),
});

/** `fixtures/pipelines.yaml`. */
export const pipelinesSchema = z.strictObject({ pipelines: z.record(name, pipelineSchema) });

/** Loads the pipelines of a project by name. */
export async function loadPipelines(root: string): Promise<ReadonlyMap<string, Pipeline>> {
  const { pipelines } = await loadYaml(path.join(root, 'fixtures', 'pipelines.yaml'), pipelinesSchema, {
    root,
  });
  return new Map(
    Object.entries(pipelines).map(([key, { limits, scorer, ...rest }]) => [
      key,
      { ...rest, name: key, scorer: scorer ?? null, seconds: limits.seconds },
    ]),
  );
}
