import type { Command } from './command.ts';

/** Every command and how to load it. Written by `scripts/registries.mjs` from the folder `commands/`. */
export const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  'api-diff': () => import('./commands/api-diff.ts'),
  baseline: () => import('./commands/baseline.ts'),
  bisect: () => import('./commands/bisect.ts'),
  bugs: () => import('./commands/bugs.ts'),
  check: () => import('./commands/check.ts'),
  components: () => import('./commands/components.ts'),
  doctor: () => import('./commands/doctor.ts'),
  env: () => import('./commands/env.ts'),
  gate: () => import('./commands/gate.ts'),
  init: () => import('./commands/init.ts'),
  lint: () => import('./commands/lint.ts'),
  lm: () => import('./commands/lm.ts'),
  'migration-report': () => import('./commands/migration-report.ts'),
  optimize: () => import('./commands/optimize.ts'),
  overhead: () => import('./commands/overhead.ts'),
  pytest: () => import('./commands/pytest.ts'),
  scan: () => import('./commands/scan.ts'),
  'schema-diff': () => import('./commands/schema-diff.ts'),
  why: () => import('./commands/why.ts'),
};
