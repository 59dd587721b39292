import { z } from 'zod';
import { count, counts, interval, policy, reason, status, table, unit } from './report-parts.ts';

// What a report holds of each thing that was judged: improvement, together and by role, and budgets.

export const improvement = z.strictObject({
  bugs: count,
  repeats: count.nullable(),
  baseline: unit.nullable().describe('Mean over bugs of the mean outcome.'),
  candidate: unit.nullable(),
  relative: z.number().nullable().describe('(candidate - baseline) / baseline; null where baseline is 0.'),
  absolute: z.number().nullable().describe('candidate - baseline.'),
  interval: interval.nullable().describe('95% interval of `relative`; null where the bugs show no spread.'),
  absoluteInterval: interval.nullable().describe('95% interval of `absolute`.'),
  excess: z
    .strictObject({ mean: z.number(), lower: z.number(), upper: z.number() })
    .nullable()
    .describe('candidate - (1 + threshold) baseline, or candidate - baseline + margin; one-sided bounds.'),
  pValue: unit.nullable(),
  pMethod: z.enum(['exact', 'monte-carlo', 'student-t']).nullable(),
  single: z
    .strictObject({
      table,
      mcNemarP: unit.describe("McNemar's exact test, two-sided."),
      newcombe: interval.describe('95% interval of candidate - baseline.'),
      wilson: z
        .strictObject({ baseline: interval, candidate: interval })
        .describe('95% interval of each rate.'),
    })
    .nullable()
    .describe('For one repeat of pass/fail outcomes.'),
  status,
  reasons: z.array(reason),
  need: z
    .strictObject({
      bugs: count.nullable().describe('More bugs of the judged split; null: see `beyond`.'),
      repeats: count.nullable().describe('More repeats of each bug; null: see `beyond`.'),
      beyond: z
        .strictObject({ bugs: count.nullable(), repeats: count.nullable() })
        .describe(
          'So many more were tried in vain: it takes more. null: fewer do, no number would, or it cannot be told.',
        ),
      power: unit,
    })
    .nullable()
    .describe('What would decide an inconclusive result; null where it is decided.'),
  policy,
  seed: z.string(),
  resamples: count,
});

export const role = improvement.extend({
  regression: z.strictObject({ pValue: unit, adjustedP: unit, regressed: z.boolean() }),
  violations: z.strictObject({ baseline: counts, candidate: counts }),
  dependencyViolations: count.describe("All broken rules in the candidate's outputs."),
});

export const budget = z.strictObject({
  metric: z.string(),
  limit: z.number().gt(-1).describe('Allowed relative increase.'),
  role: z
    .string()
    .nullable()
    .default(null)
    .describe('The role whose optimized pipeline it is a budget of; null: of all bugs together.'),
  p95Limit: z.number().gt(-1).nullable().default(null).describe('Of the 95th percentile; null: `limit`.'),
  soft: z
    .strictObject({ mean: z.number(), p95: z.number() })
    .nullable()
    .default(null)
    .describe('Beyond these a warning is given.'),
  enforced: z.boolean().default(true).describe('false: it is watched, and no verdict is made of it.'),
  basis: z.enum(['modelled', 'recorded']).nullable().describe("Where latency's LM part comes from."),
  bugs: count,
  baseline: z.number().min(0).nullable(),
  candidate: z.number().min(0).nullable(),
  relative: z.number().nullable(),
  interval: interval.nullable(),
  p95: z
    .strictObject({
      probability: unit,
      gates: z.boolean(),
      baseline: z.number().min(0),
      candidate: z.number().min(0),
      relative: z.number().nullable(),
      interval: interval.nullable(),
    })
    .nullable(),
  status,
  reasons: z.array(reason),
  seed: z.string(),
  resamples: count,
});
