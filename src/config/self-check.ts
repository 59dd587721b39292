import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { SelfCheck, SelfCheckReport } from '../core/self-check.ts';
import { loadYaml } from './load-yaml.ts';
import { count, falseVerdicts, interval, lm, policy, sha256, status, unit } from './report-parts.ts';

/** Where the latest A/A run is, relative to the root. */
export const SELF_CHECK_FILE = 'eval/self-check.json';

/** `eval/self-check.json`. */
export const selfCheckSchema = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  sourcesSha256: sha256.describe('Over the code, bugs, locks and settings that it was made from.'),
  lm,
  split: z.string(),
  bugs: count,
  repeats: count.nullable(),
  policy,
  first: unit.nullable().describe('Rate of success of the session that the gate uses.'),
  second: unit.nullable().describe('Rate of success of the second session.'),
  relative: z.number().nullable().describe('second / first - 1.'),
  interval: interval.nullable().describe('95% interval of `relative`.'),
  pValue: unit.nullable(),
  status,
  regressed: z.array(z.string()).describe('Roles that were called regressed.'),
  budgets: z.array(
    z.strictObject({
      metric: z.string(),
      limit: z.number().gt(-1),
      relative: z.number().nullable(),
      interval: interval.nullable(),
      status,
    }),
  ),
  changes: z
    .strictObject({ won: count, lost: count, kept: count, flaky: count })
    .describe('Numbers of bugs.'),
  wrong: z
    .boolean()
    .describe('The verdict was false: a pass (non-inferiority: a fail), or a role regressed.'),
  simulated: falseVerdicts.nullable().describe('How often that is to be expected.'),
}) satisfies z.ZodType<SelfCheck>;

/** {@link selfCheckSchema} as a later report carries it. */
export const selfCheckReportSchema = selfCheckSchema.extend({
  ageMs: z.number().min(0),
  current: z.boolean().describe('Code, bugs, locks and settings are as they were.'),
}) satisfies z.ZodType<SelfCheckReport>;

/** The latest A/A run of a project; null where none was made. */
export async function loadSelfCheck(root: string): Promise<SelfCheck | null> {
  const file = path.join(root, SELF_CHECK_FILE);
  return existsSync(file) ? loadYaml(file, selfCheckSchema, { root }) : null;
}
