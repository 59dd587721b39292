import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { AblationReport, AblationTable } from '../core/ablation.ts';
import { loadYaml } from './load-yaml.ts';
import { count, interval, lm, mode, sha256, unit } from './report-parts.ts';

/** Where the latest ablation table is, relative to the root. */
export const ABLATIONS_FILE = 'eval/ablations.json';

const row = z
  .strictObject({
    name: z.string().describe('baseline, candidate, or an arm that gate.yaml lists under ablations.'),
    title: z.string().nullable(),
    role: z.string().describe('A role, or `together` for an arm that plays all of them.'),
    pipeline: z.string().nullable().describe('null for `together`.'),
    environment: z.string().nullable(),
    bugs: count,
    runs: count,
    repeats: count.describe('Samples of each bug; the most where bugs differ.'),
    errors: count.describe('Runs that ended with an error; they count as not solved.'),
    solved: z.number().min(0).describe('Sum of the outcomes over `runs`.'),
    violations: count.describe('Broken rules in the outputs, over `runs`.'),
    tokens: z.number().min(0).nullable().describe('Of a run, mean over bugs.'),
    calls: z.number().min(0).nullable(),
    latencyMs: z.number().min(0).nullable(),
    latencyBasis: z.enum(['modelled', 'recorded']),
    relative: z.number().nullable().describe('Against the baseline on the same bugs; null for the baseline.'),
    interval: interval.nullable().describe('95% interval of `relative`.'),
    absolute: z.number().nullable(),
    absoluteInterval: interval.nullable().describe('95% interval of `absolute`.'),
    pValue: unit.nullable().describe('One-sided, for an improvement over the baseline.'),
  })
  .meta({ id: 'AblationRow' });

/** `eval/ablations.json`. */
export const ablationsSchema = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  sourcesSha256: sha256.describe('Over the code, bugs, locks and settings that it was made from.'),
  mode,
  lm,
  split: z.string(),
  rows: z.array(row),
}) satisfies z.ZodType<AblationTable>;

/** {@link ablationsSchema} as a later report carries it. */
export const ablationReportSchema = ablationsSchema.extend({
  ageMs: z.number().min(0),
  current: z.boolean().describe('Code, bugs, locks and settings are as they were.'),
}) satisfies z.ZodType<AblationReport>;

/** The latest ablation table of a project; null where none was made. */
export async function loadAblations(root: string): Promise<AblationTable | null> {
  const file = path.join(root, ABLATIONS_FILE);
  return existsSync(file) ? loadYaml(file, ablationsSchema, { root }) : null;
}
