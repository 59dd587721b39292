import type { GateConfig } from '../../config/gate.ts';
import type { PlannedArm } from './planned-arm.ts';

/** What the gate hands to the workers that run seeded bugs. */
export interface ProvidedGate {
  readonly arms: readonly PlannedArm[];
  /** The split that is judged. What stands beside the two arms is compared there, and runs nowhere else. */
  readonly split: GateConfig['split'];
  /** Present where finished runs are kept: {@link projectShape}, and whether those kept before are used. */
  readonly keep?: { readonly shape: string; readonly resume: boolean };
}

declare module 'vitest' {
  interface ProvidedContext {
    gate: ProvidedGate;
  }
}
