import type { Arm } from '../../core/pipeline-run.ts';

/** What the gate hands to the workers that run seeded bugs. */
export interface ProvidedGate {
  readonly arms: readonly Arm[];
  readonly repeats: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    gate: ProvidedGate;
  }
}
