import type { Probe, ProbeName } from './observations.ts';
import { probe as console } from './probes/console.ts';
import { probe as env } from './probes/env.ts';
import { probe as globals } from './probes/globals.ts';
import { probe as heap } from './probes/heap.ts';

/** Every probe, by name. Written by `scripts/registries.mjs` from the folder `probes/`. */
export const PROBES: { readonly [Name in ProbeName]?: Probe<Name> } = {
  console,
  env,
  globals,
  heap,
};
