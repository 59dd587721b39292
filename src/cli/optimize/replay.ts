import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Optimization, optimizationSchema } from '../../config/optimization.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type Json } from '../../core/json.ts';
import type { RunMeter } from '../../core/lm-exchange.ts';
import type { OptimizePlan } from './plan.ts';

/** The file of a result, below the folder of its role. */
export const RESULT_FILE = 'optimization.json';

/** A replay that asked what was never recorded has proven nothing: optimizers take a failed call for a bad candidate. */
export function refuseMisses(role: string, { misses }: Pick<RunMeter, 'misses'>): void {
  const [miss] = misses;
  if (miss === undefined) return;
  throw new ConstitutionError(
    'CX-GATEWAY-MISS',
    `the optimization asked ${misses.length} times what its recording does not hold, and so went another way`,
    {
      place: { file: `eval/recordings/${miss.recording}` },
      hint: `Give it the settings it was recorded with, or record it anew: optimize ${role} --lm=record.`,
      details: { ...(miss.diff === null ? {} : { excerpt: miss.diff }), reason: miss.reason },
    },
  );
}

/**
 * The recorded optimization that a replay has proven again, with the hash of the sources as they are now; null where there
 * is none. Its times and costs stay those of the recording: a replay pays nothing.
 *
 * @throws ConstitutionError CX-OPTIMIZE-REPLAY where the replay came to another result, CX-CONFIG-INVALID
 */
export async function provenAgain(
  { results, role }: OptimizePlan,
  replayed: Optimization,
): Promise<Optimization | null> {
  const file = path.join(results, RESULT_FILE);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const recorded = optimizationSchema.parse(JSON.parse(text));
  if (hashJson(comparable(recorded)) !== hashJson(comparable(replayed))) {
    throw new ConstitutionError('CX-OPTIMIZE-REPLAY', 'the replay found another result than was recorded', {
      place: { file },
      hint: `Renew it: optimize ${role} --lm=record, with the same settings.`,
    });
  }
  return { ...recorded, sourcesSha256: replayed.sourcesSha256 };
}

/** What a replay has to come to as well. */
function comparable({ status, stoppedBy, result, optimizer, reflector, seed }: Optimization): Json {
  return { status, stoppedBy, result, optimizer, reflector, seed } as unknown as Json;
}
