import { z } from 'zod';
import { RUN_CAPS } from '../core/optimizer-budget.ts';
import { OPTIMIZER_NAMES } from '../core/optimizers.ts';
import { count } from './report-parts.ts';

const amount = z.number().min(0);
const milliseconds = z.number().min(0);

/** A cap that was reached, in `optimization.json`. */
export const budgetEventSchema = z.strictObject({
  kind: z.enum(['warning', 'violation']),
  cap: z.enum(RUN_CAPS),
  spent: amount,
  asked: amount.describe('What the call that was refused might have added.'),
  limit: amount,
  estimated: amount.describe('Part of `spent` that endpoints did not report.'),
});

const finding = z.strictObject({
  article: z.string(),
  check: z.string(),
  severity: z.enum(['block', 'warn']),
  code: z.string(),
  values: z.record(z.string(), z.json()),
  test: z.strictObject({ name: z.string(), file: z.string(), project: z.string() }).nullable(),
  place: z.strictObject({ file: z.string(), line: z.int() }).nullable(),
});
const waiver = z.strictObject({ test: z.string(), reason: z.string(), until: z.string() });

/** A hard cap that was reached, what the articles say of the runs that reached it, and who was told. */
export const budgetViolationSchema = budgetEventSchema.extend({
  kind: z.literal('violation'),
  at: z.iso.datetime(),
  stoppedAfterMs: milliseconds
    .nullable()
    .describe('From the violation until the optimizer had ended; null where it was not to be stopped.'),
  check: z.strictObject({
    articles: z.array(z.string()).describe('Articles that had something to check.'),
    findings: z.array(finding),
    waived: z.array(finding.extend({ waiver })),
    runs: count.describe('Runs of the pipeline that were judged: those made last.'),
    ms: milliseconds.describe('What the check itself took.'),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  }),
  alerts: z.array(
    z.strictObject({
      channel: z.enum(['webhook', 'opentelemetry']),
      to: z.string().describe('Origin of the address.'),
      delivered: z.boolean(),
      attempts: count,
      ms: milliseconds,
      error: z.string().nullable(),
    }),
  ),
  leftOver: z
    .enum(OPTIMIZER_NAMES)
    .optional()
    .describe(
      'Of an earlier optimization of the role, by this optimizer: its process was killed before it could have it checked.',
    ),
});
