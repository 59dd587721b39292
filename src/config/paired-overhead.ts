import { z } from 'zod';
import type { PairedOverhead } from '../core/paired-overhead.ts';
import { loadYaml } from './load-yaml.ts';

const pairedSchema = z.strictObject({
  measuredAt: z.iso.datetime(),
  ratio: z.number(),
  interval: z.strictObject({ lower: z.number(), upper: z.number(), level: z.number() }),
  basis: z.enum(['cpu', 'wall']),
  pairs: z.int().min(2),
});

/** Reads what `overhead` wrote. @throws ConstitutionError CX-CONFIG-MISSING, CX-CONFIG-SYNTAX, CX-CONFIG-INVALID. */
export function loadPairedOverhead(file: string, root: string): Promise<PairedOverhead> {
  return loadYaml(file, pairedSchema, { root });
}
