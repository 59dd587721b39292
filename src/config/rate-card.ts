import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { RateCard } from '../core/rate-card.ts';
import { loadYaml } from './load-yaml.ts';

/** `eval/rate-card.json`. */
export const rateCardSchema = z.strictObject({
  format: z.literal(1),
  model: z.strictObject({ id: z.string(), sha256: z.string().nullable() }),
  clock: z.enum(['cpu', 'wall']).describe('CPU time of the server, or wall time of the request.'),
  overheadMs: z.number().min(0).describe('What a call costs beside its tokens.'),
  inputTokensPerSecond: z.number().gt(0),
  outputTokensPerSecond: z.number().gt(0),
  samples: z.int().min(1).describe('Requests that the fit is made from.'),
  residual: z.number().min(0).describe('Median relative error of the fit.'),
  createdAt: z.iso.datetime(),
}) satisfies z.ZodType<RateCard>;

/** The rate card of a project; null where none was made. */
export async function loadRateCard(root: string): Promise<RateCard | null> {
  const file = path.join(root, 'eval', 'rate-card.json');
  return existsSync(file) ? loadYaml(file, rateCardSchema, { root }) : null;
}
