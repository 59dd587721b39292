import { loadAblations } from '../../config/ablations.ts';
import { hashSources } from '../../config/baseline.ts';
import type { GateConfig } from '../../config/gate.ts';
import { loadSelfCheck } from '../../config/self-check.ts';
import type { Json } from '../../core/json.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';
import type { JudgeMore } from './judge.ts';
import { pipelineSources } from './pipeline-sources.ts';
import { type PlannedArm, withoutArms } from './planned-arm.ts';
import { type GateOptions, type GateRun, runGate } from './run-gate.ts';

/** SHA-256 over what an A/A run and an ablation table are made from: pipelines, bugs, locks and settings. */
export async function exhibitSources(root: string, gate: GateConfig): Promise<string> {
  const { quick: _, inconclusiveExitCode: __, ...settings } = gate;
  return hashSources(root, {
    settings: settings as unknown as Json,
    lockSha256: '',
    files: [...(await pipelineSources(root)), 'seeded-bugs/*/*/*', 'environments/*.lock'],
  });
}

/**
 * The latest A/A run and ablation table, with their age and whether they still hold.
 *
 * @throws ConstitutionError CX-CONFIG-* where one of the files cannot be read.
 */
export async function latestExhibits(root: string, gate: GateConfig, now: Date): Promise<JudgeMore> {
  const [selfCheck, ablations] = await Promise.all([loadSelfCheck(root), loadAblations(root)]);
  if (selfCheck === null && ablations === null) return { selfCheck, ablations };
  const sources = await exhibitSources(root, gate);
  const aged = <Exhibit extends { createdAt: string; sourcesSha256: string }>(exhibit: Exhibit) => ({
    ...exhibit,
    ageMs: Math.max(0, now.getTime() - Date.parse(exhibit.createdAt)),
    current: exhibit.sourcesSha256 === sources,
  });
  return { selfCheck: selfCheck && aged(selfCheck), ablations: ablations && aged(ablations) };
}

/** The mode in which a run with variants is judged: what had to be recorded has been before. */
export function judgedMode(mode: GatewayMode): GatewayMode {
  return mode === 'live' ? 'live' : 'replay';
}

/**
 * Where the mode records: runs the variants alone, so that the recordings of the two arms stay as they are.
 *
 * @returns The run; null where nothing is recorded.
 */
export async function recordVariants(
  options: GateOptions,
  gate: GateConfig,
  variants: readonly PlannedArm[],
): Promise<GateRun | null> {
  if (options.mode === 'replay' || options.mode === 'live') return null;
  return runGate({ ...options, arms: [], variants: withoutArms(variants, gate) });
}
