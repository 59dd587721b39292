import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashSources, loadBaseline, refuseStale } from '../../config/baseline.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import type { Baseline } from '../../core/baseline.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { type Json, sha256 } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { importedModules } from './imported-modules.ts';

/** Where the baseline is, relative to the root. */
export const BASELINE_FILE = 'eval/baseline.json';

/**
 * The baseline, if it was made from what the project holds now.
 *
 * @throws ConstitutionError CX-BASELINE-MISSING, CX-BASELINE-STALE, or CX-CONFIG-* where it cannot be read.
 */
export async function currentBaseline(root: string): Promise<Baseline> {
  const baseline = await loadBaseline(root, path.join(root, BASELINE_FILE));
  refuseStale(baseline, await baselineSources(root, await loadGate(root)), BASELINE_FILE);
  return baseline;
}

/**
 * Hash of all that shapes the baseline's runs, and of nothing else: its entries of `pipelines.yaml` and the Python that these
 * are made of, the bugs, the lock, the settings and its recordings. A change of the candidate leaves it as it is.
 *
 * @throws ConstitutionError CX-CONFIG-* where pipelines cannot be read, or `gate.yaml` names one that does not exist.
 */
export async function baselineSources(root: string, gate: GateConfig): Promise<string> {
  const environment = gate.environments.baseline;
  const pipelines = await baselinePipelines(root, gate);
  const settings = {
    environment,
    roles: Object.fromEntries(Object.entries(gate.roles).map(([role, { baseline }]) => [role, baseline])),
    pipelines: pipelines as unknown as Json,
    repeats: gate.repeats,
    seed: gate.seed,
    callAllowance: gate.callAllowance,
    lm: { model: gate.lm.model, parameters: gate.lm.parameters },
  } satisfies Json;
  const entries = pipelines.flatMap(({ entry, scorer }) => (scorer === null ? [entry] : [entry, scorer]));
  const modules = await importedModules(
    path.join(root, 'fixtures'),
    entries.map((entry) => entry.split(':')[0] as string),
  );
  return hashSources(root, {
    settings,
    lockSha256: sha256(await readFile(path.join(root, 'environments', `${environment}.lock`))),
    files: [...modules.map((file) => `fixtures/${file}`), 'seeded-bugs/*/*/*', ...baselineRecordings(gate)],
  });
}

/** The entries of `pipelines.yaml` that the baseline's arms use, in the order of their roles. */
async function baselinePipelines(root: string, gate: GateConfig): Promise<Pipeline[]> {
  const pipelines = await loadPipelines(root);
  return Object.entries(gate.roles).map(([role, { baseline }]) => {
    const pipeline = pipelines.get(baseline);
    if (pipeline !== undefined) return pipeline;
    throw new ConstitutionError(
      'CX-CONFIG-REFERENCE',
      `there is no pipeline "${baseline}" for the role ${role} of baseline`,
      { place: { file: 'gate.yaml' }, hint: didYouMean(baseline, [...pipelines.keys()]) },
    );
  });
}

/** Globs of the recordings of the baseline's pipelines, relative to the root; of a further session where one is named. */
export function baselineRecordings(gate: GateConfig, session = ''): string[] {
  return Object.entries(gate.roles).map(
    ([role, { baseline }]) =>
      `eval/recordings/${session}${role}/*/${baseline}@${gate.environments.baseline}.*.json`,
  );
}
