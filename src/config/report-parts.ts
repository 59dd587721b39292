import { z } from 'zod';
import { REASON_CODES, type ReasonCode } from '../core/verdict/reason.ts';

// Parts that several written formats have in common.

export const count = z.int().min(0);
export const unit = z.number().min(0).max(1);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const arm = z.enum(['baseline', 'candidate']);
export const severity = z.enum(['block', 'warn']);
export const status = z.enum(['pass', 'fail', 'inconclusive']);
export const counts = z.record(z.string(), count).describe('Broken rules by kind.');

export const interval = z
  .strictObject({
    lower: z.number(),
    upper: z.number().nullable().describe('null: no upper bound exists.'),
    level: unit.describe('Two-sided confidence; each bound alone holds with (1 + level) / 2.'),
  })
  .meta({ id: 'Interval' });

export const reason = z
  .strictObject({
    code: z.enum(Object.keys(REASON_CODES) as [ReasonCode, ...ReasonCode[]]),
    status: z.enum(['pass', 'fail', 'inconclusive', 'error', 'note']),
    scope: z.string(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'Reason' });

export const policy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('improvement'), threshold: z.number().min(0), alpha: unit }),
  z.strictObject({ kind: z.literal('non-inferiority'), margin: unit, alpha: unit }),
]);

export const table = z.strictObject({
  both: count,
  onlyBaseline: count,
  onlyCandidate: count,
  neither: count,
});

export const mode = z.enum(['replay', 'record', 'live', 'auto']);

export const lm = z.strictObject({
  model: z.string(),
  sha256: sha256.nullable(),
  recordedAt: z.string().nullable().describe('Of the oldest recording that answered.'),
});

export const falseVerdicts = z
  .strictObject({
    migrations: count.describe('Simulated migrations that change nothing.'),
    bugs: count.describe('Bugs of each: as many as were seen, or as many as can be simulated in time.'),
    alpha: unit,
    pass: unit,
    fail: unit,
    regressed: unit,
    wrong: unit.describe('A pass (non-inferiority: a fail), or a role called regressed.'),
  })
  .meta({ id: 'FalseVerdicts' });
