import { hashSources } from '../../config/baseline.ts';
import type { GateConfig } from '../../config/gate.ts';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import { loadRateCard } from '../../config/rate-card.ts';
import { hashJson, type Json } from '../../core/json.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';
import type { RunRequest } from '../run-request.ts';
import type { RunningEnvironment } from '../service.ts';

/**
 * SHA-256 over what shapes every run of a project alike: the pipelines' code and data, the settings, the rate card, the
 * mode, and this package itself.
 */
export async function projectShape(root: string, gate: GateConfig, mode: GatewayMode): Promise<string> {
  const rateCard = await loadRateCard(root);
  const { seed, callAllowance, lm } = gate;
  const settings = { mode, seed, callAllowance, lm, rateCard, version: packageVersion() } as unknown as Json;
  const none = { settings: null, lockSha256: '' };
  const [own, worker] = await Promise.all([
    hashSources(root, { ...none, settings, files: ['fixtures/**/*', 'eval/optimized/**/program.json'] }),
    hashSources(packageRoot(), { ...none, files: ['python/**/*.py'] }),
  ]);
  return hashJson([own, worker]);
}

/**
 * SHA-256 over all that shapes one run: equal shapes stand for the same run. The recording that answers it is not among it;
 * a run says itself which one that was.
 *
 * @param project {@link projectShape}.
 * @param bugSha256 Of the bug's folder.
 */
export function runShape(
  project: string,
  { pipeline, case: name, repeat, session = 0, inputs, faults = [] }: Omit<RunRequest, 'arm'>,
  { name: environment, dspy, python, lockSha256 }: RunningEnvironment,
  bugSha256: string,
): string {
  return hashJson({
    project,
    pipeline: { ...pipeline },
    case: name,
    repeat,
    session,
    inputs,
    faults: [...faults],
    environment: { name: environment, dspy, python, lockSha256 },
    bugSha256,
  } as unknown as Json);
}
