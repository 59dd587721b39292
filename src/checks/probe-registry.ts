import type { Probe, ProbeName } from './observations.ts';
import { probe as assertions } from './probes/assertions.ts';
import { probe as console } from './probes/console.ts';
import { probe as env } from './probes/env.ts';
import { probe as globals } from './probes/globals.ts';
import { probe as handles } from './probes/handles.ts';
import { probe as heap } from './probes/heap.ts';
import { probe as network } from './probes/network.ts';
import { probe as output } from './probes/output.ts';
import { probe as secrets } from './probes/secrets.ts';
import { probe as writes } from './probes/writes.ts';

/** Every probe, by name. Written by `scripts/registries.mjs` from the folder `probes/`. */
export const PROBES: { readonly [Name in ProbeName]: Probe<Name> } = {
  assertions,
  console,
  env,
  globals,
  handles,
  heap,
  network,
  output,
  secrets,
  writes,
};
