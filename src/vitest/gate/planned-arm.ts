import type { Ablation, GateConfig } from '../../config/gate.ts';
import type { Arm } from '../../core/pipeline-run.ts';

/** What plays a role in an arm. */
export interface Player {
  readonly pipeline: string;
  readonly environment: string;
}

/** One side of a comparison, as the workers run it. JSON-safe. */
export interface PlannedArm {
  /** Names it in the ids of its runs: `baseline`, `candidate`, or a variant's own name. */
  readonly name: string;
  /** Its place in the comparison; a variant stands where the candidate does. */
  readonly arm: Arm;
  /** Beside the two arms of the gate: its runs are kept apart, no article governs them, the verdict leaves them out. */
  readonly variant: boolean;
  /** 0, or the number of a further session of recordings with seeds of its own. */
  readonly session: number;
  /** Samples of each bug. */
  readonly repeats: number;
  /** Who plays each role; a role that is missing is not run. */
  readonly roles: Readonly<Record<string, Player>>;
}

/** Both arms of the gate, or one of them. */
export function gateArms(gate: GateConfig, arms: readonly Arm[]): PlannedArm[] {
  const { repeats } = gate;
  return arms.map((arm) => ({
    name: arm,
    arm,
    variant: false,
    session: 0,
    repeats,
    roles: playersOf(gate, arm),
  }));
}

/** The second session of the baseline, which an A/A check compares with the first. */
export function secondSession(gate: GateConfig): PlannedArm {
  return {
    name: SECOND_SESSION,
    arm: 'candidate',
    variant: true,
    session: 1,
    repeats: gate.repeats,
    roles: playersOf(gate, 'baseline'),
  };
}

/** The name of the variant of an A/A check. */
export const SECOND_SESSION = 'second-session';

/** The arms that `gate.yaml` lists under `ablations`, in its order. */
export function ablationArms(gate: GateConfig): PlannedArm[] {
  return Object.entries(gate.ablations).map(([name, { roles }]: [string, Ablation]) => ({
    name,
    arm: 'candidate',
    variant: true,
    session: 0,
    repeats: gate.ablationRepeats ?? gate.repeats,
    roles,
  }));
}

/** The same pipeline in the same environment and session: such runs are one, and share a recording. */
export function playerKey(arm: PlannedArm, role: string): string | undefined {
  const player = arm.roles[role];
  return player && `${player.pipeline}@${player.environment}#${arm.session}`;
}

/**
 * Variants without what the arms of the gate run as well: recording them must leave the frozen recordings as they are.
 */
export function withoutArms(variants: readonly PlannedArm[], gate: GateConfig): PlannedArm[] {
  const arms = gateArms(gate, ['baseline', 'candidate']);
  const isOwn = (variant: PlannedArm, role: string) =>
    arms.every((arm) => playerKey(arm, role) !== playerKey(variant, role));
  return variants.map((variant) => ({
    ...variant,
    roles: Object.fromEntries(Object.entries(variant.roles).filter(([role]) => isOwn(variant, role))),
  }));
}

function playersOf(gate: GateConfig, arm: Arm): Record<string, Player> {
  const environment = gate.environments[arm];
  return Object.fromEntries(
    Object.entries(gate.roles).map(([role, pipelines]) => [role, { pipeline: pipelines[arm], environment }]),
  );
}
