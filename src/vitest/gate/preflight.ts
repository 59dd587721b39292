import { locateEnvironment } from '../../bridge/environments/index.ts';
import { loadEnvironments, selectEnvironments } from '../../config/environments.ts';
import type { GateConfig } from '../../config/gate.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Arm } from '../../core/pipeline-run.ts';

/**
 * Refuses settings that would fail every test alike: a pipeline or environment that does not exist, an environment
 * that has not been made.
 *
 * @throws ConstitutionError CX-CONFIG-REFERENCE, CX-ENV-MISSING, CX-ENV-DAMAGED.
 */
export async function preflight(root: string, gate: GateConfig, arms: readonly Arm[]): Promise<void> {
  const [pipelines, declared] = await Promise.all([loadPipelines(root), loadEnvironments(root)]);
  for (const [role, both] of Object.entries(gate.roles)) {
    for (const arm of arms) {
      if (pipelines.has(both[arm])) continue;
      throw new ConstitutionError(
        'CX-CONFIG-REFERENCE',
        `there is no pipeline "${both[arm]}" for the role ${role}`,
        {
          place: { file: 'gate.yaml' },
          hint: didYouMean(both[arm], [...pipelines.keys()]),
        },
      );
    }
  }
  const names = arms.map((arm) => gate.environments[arm]);
  selectEnvironments(declared, names);
  await Promise.all([...new Set(names)].map((name) => locateEnvironment(root, name)));
}
