import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashSources, loadBaseline, refuseStale } from '../../config/baseline.ts';
import { type GateConfig, loadGate } from '../../config/gate.ts';
import type { Baseline } from '../../core/baseline.ts';
import { type Json, sha256 } from '../../core/json.ts';
import { pipelineSources } from './pipeline-sources.ts';

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

/** Hash of all that shapes the baseline's runs: its pipelines, the bugs, the lock, the settings and the recordings. */
export async function baselineSources(root: string, gate: GateConfig): Promise<string> {
  const environment = gate.environments.baseline;
  const settings = {
    environment,
    roles: Object.fromEntries(Object.entries(gate.roles).map(([role, { baseline }]) => [role, baseline])),
    repeats: gate.repeats,
    seed: gate.seed,
    callAllowance: gate.callAllowance,
    lm: { model: gate.lm.model, parameters: gate.lm.parameters },
  } satisfies Json;
  return hashSources(root, {
    settings,
    lockSha256: sha256(await readFile(path.join(root, 'environments', `${environment}.lock`))),
    files: [...(await pipelineSources(root)), 'seeded-bugs/*/*/*', ...baselineRecordings(gate)],
  });
}

/** Globs of the recordings of the baseline's pipelines, relative to the root; of a further session where one is named. */
export function baselineRecordings(gate: GateConfig, session = ''): string[] {
  return Object.entries(gate.roles).map(
    ([role, { baseline }]) =>
      `eval/recordings/${session}${role}/*/${baseline}@${gate.environments.baseline}.*.json`,
  );
}
