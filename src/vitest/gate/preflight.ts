import { locateEnvironment } from '../../bridge/environments/index.ts';
import { loadEnvironments, selectEnvironments } from '../../config/environments.ts';
import type { GateConfig } from '../../config/gate.ts';
import { loadPipelines } from '../../config/pipelines.ts';
import { loadRateCard } from '../../config/rate-card.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { refuseStalePrograms } from './optimized-program.ts';
import { pipelineOf } from './pipeline-of.ts';
import type { PlannedArm } from './planned-arm.ts';

/**
 * Refuses settings that would fail every test alike: a pipeline or environment that does not exist, a pipeline of another
 * role, a broken rate card, an environment that has not been made.
 *
 * @throws ConstitutionError CX-CONFIG-*, CX-ENV-MISSING, CX-ENV-DAMAGED, CX-OPTIMIZE-STALE.
 */
export async function preflight(root: string, gate: GateConfig, arms: readonly PlannedArm[]): Promise<void> {
  const [pipelines, declared] = await Promise.all([loadPipelines(root), loadEnvironments(root)]);
  const players = arms.flatMap(({ name, roles }) =>
    Object.entries(roles).map(([role, player]) => ({ arm: name, role, ...player })),
  );
  for (const { arm, role, pipeline: name } of players) {
    const where = `the role ${role} of ${arm}`;
    if (gate.roles[role] === undefined) {
      throw new ConstitutionError('CX-CONFIG-REFERENCE', `there is no role "${role}", which ${arm} names`, {
        place: { file: 'gate.yaml' },
        hint: didYouMean(role, Object.keys(gate.roles)),
      });
    }
    pipelineOf(role, name, pipelines, where);
  }
  await refuseStalePrograms(
    root,
    gate,
    players.map(({ pipeline }) => pipeline),
    pipelines,
  );
  // Read here for its errors alone: every run reads it again.
  await loadRateCard(root);
  const names = [...new Set(players.map(({ environment }) => environment))];
  selectEnvironments(declared, names);
  await Promise.all(names.map((name) => locateEnvironment(root, name)));
}
