import { readFile } from 'node:fs/promises';
import path from 'node:path';
import glob from 'fast-glob';
import { z } from 'zod';
import type { Baseline } from '../core/baseline.ts';
import { ConstitutionError } from '../core/errors.ts';
import { canonicalJson, type Json, sha256 } from '../core/json.ts';
import { loadYaml } from './load-yaml.ts';

/** The commands that renew a baseline. */
const RENEW =
  'Renew it with `npm run constitution -- baseline update`; bugs without recordings need `npm run gate -- --arm baseline --lm=auto` before.';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const predictor = z.strictObject({
  predictor: z.string(),
  instructions: z.string(),
  fields: z.array(
    z.strictObject({
      name: z.string(),
      direction: z.enum(['input', 'output']),
      type: z.string(),
      description: z.string(),
    }),
  ),
});

/** `eval/baseline.json`. */
export const baselineSchema = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  environment: z.strictObject({ name: z.string(), dspy: z.string(), python: z.string(), lockSha256: hash }),
  model: z.strictObject({ id: z.string(), sha256: hash.nullable() }),
  sourcesSha256: hash,
  cases: z.record(
    z.string(),
    z.strictObject({
      outcomes: z.array(z.number().min(0).max(1)),
      outputHashes: z.array(hash),
      tokens: z.number().min(0),
      calls: z.number().min(0),
      modelledLmMs: z.number().min(0).nullable(),
    }),
  ),
  schemas: z.record(z.string(), z.array(predictor)),
}) satisfies z.ZodType<Baseline>;

/** What a baseline is made from, beside files. */
export interface BaselineSources {
  /** Settings that shape the runs: model, parameters, seed, repeats, call allowance. */
  readonly settings: Json;
  readonly lockSha256: string;
  /** Globs, relative to the root: pipelines, bugs, and the recordings of the baseline's pipelines. */
  readonly files: readonly string[];
}

/** The judges of optimizers take no part in a run of a pipeline. */
const NOT_SOURCES = ['**/__pycache__/**', 'fixtures/optimizing/**'];

/** SHA-256 over the settings, the lock and every file: paths and contents, in the order of the paths. */
export async function hashSources(root: string, sources: BaselineSources): Promise<string> {
  const files = (await glob([...sources.files], { cwd: root, ignore: NOT_SOURCES })).sort();
  const hashes = await Promise.all(
    files.map(async (file) => `${file} ${sha256(await readFile(path.join(root, file)))}`),
  );
  return sha256([canonicalJson(sources.settings), sources.lockSha256, ...hashes].join('\n'));
}

/**
 * Loads the baseline.
 *
 * @throws ConstitutionError CX-BASELINE-MISSING where there is none, CX-CONFIG-* where it cannot be read.
 */
export async function loadBaseline(root: string, file: string): Promise<Baseline> {
  try {
    return await loadYaml(file, baselineSchema, { root });
  } catch (error) {
    if (!(error instanceof ConstitutionError) || error.code !== 'CX-CONFIG-MISSING') throw error;
    throw new ConstitutionError('CX-BASELINE-MISSING', 'there is no baseline yet', {
      ...(error.place ? { place: error.place } : {}),
      hint: RENEW.replace('Renew', 'Make'),
      cause: error,
    });
  }
}

/** @throws ConstitutionError CX-BASELINE-STALE where the baseline was made from other sources than there are now. */
export function refuseStale(baseline: Baseline, sourcesSha256: string, file: string): void {
  if (baseline.sourcesSha256 === sourcesSha256) return;
  throw new ConstitutionError(
    'CX-BASELINE-STALE',
    "the baseline's pipelines, bugs, settings or recordings changed since it was made",
    { place: { file }, hint: RENEW },
  );
}
