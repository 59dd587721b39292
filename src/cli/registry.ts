import type { Command } from './command.ts';

/** Every command and how to load it. Written by `scripts/registries.mjs` from the folder `commands/`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  baseline: () => import('./commands/baseline.ts'),
  bugs: () => import('./commands/bugs.ts'),
  doctor: () => import('./commands/doctor.ts'),
  env: () => import('./commands/env.ts'),
  gate: () => import('./commands/gate.ts'),
  lm: () => import('./commands/lm.ts'),
  why: () => import('./commands/why.ts'),
};
