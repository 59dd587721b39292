import { z } from 'zod';
import { count, interval, status } from './report-parts.ts';

const growth = z.number().nullable();
const judged = z.strictObject({
  bugs: count,
  mean: z.strictObject({ growth, interval: interval.nullable(), hard: z.number() }),
  p95: z.strictObject({ growth, hard: z.number() }),
  status: status.describe('fail: beyond a hard cap for certain.'),
  warned: z.boolean().describe('Whether what was seen is beyond a soft limit.'),
});

/** What the best program uses more than the pipeline as it was, in `optimization.json`. */
export const growthSchema = z.strictObject({
  tokens: judged.describe('Tokens of a run, in and out.'),
  latency: judged.nullable().describe('Modelled time of a run; null where the project has no rate card.'),
});

export type OptimizationGrowth = z.output<typeof growthSchema>;
