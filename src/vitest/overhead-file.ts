import path from 'node:path';
import { z } from 'zod';
import { loadYaml } from '../config/load-yaml.ts';
import type { OverheadReport } from '../core/eval-report.ts';
import type { Interval } from '../core/statistics/summary.ts';

/** Where the latest paired run is kept, relative to the root: it belongs to the machine, not to the repository. */
export const OVERHEAD_FILE = '.constitution/overhead.json';

const pairedSchema = z.strictObject({
  measuredAt: z.iso.datetime(),
  ratio: z.number(),
  interval: z.strictObject({ lower: z.number(), upper: z.number(), level: z.number() }),
  basis: z.enum(['cpu', 'wall']),
  pairs: z.int().min(2),
});

/** A paired run: the suite with the plugin against the suite without it. */
export interface PairedOverhead {
  readonly measuredAt: string;
  readonly ratio: number;
  readonly interval: Interval & { readonly upper: number };
  readonly basis: 'cpu' | 'wall';
  readonly pairs: number;
}

/** The latest paired run; null where there is none that can be read. */
export async function readOverhead(root: string): Promise<PairedOverhead | null> {
  try {
    return await loadYaml(path.join(root, OVERHEAD_FILE), pairedSchema, { root });
  } catch {
    return null;
  }
}

/** What the plugin cost in a run, with what the latest paired run says. */
export function overheadReport(
  tests: readonly { readonly meta: { readonly self?: readonly [number, number] } | undefined }[],
  paired: PairedOverhead | null,
): OverheadReport {
  let [beforeMs, afterMs, governed] = [0, 0, 0];
  for (const { meta } of tests) {
    if (meta?.self === undefined) continue;
    beforeMs += meta.self[0];
    afterMs += meta.self[1];
    governed++;
  }
  return {
    selfMs: governed === 0 ? null : beforeMs + afterMs,
    tests: governed,
    byHook: governed === 0 ? null : { beforeMs, afterMs },
    ratio: paired?.ratio ?? null,
    interval: paired?.interval ?? null,
    basis: paired?.basis ?? null,
    measuredAt: paired?.measuredAt ?? null,
  };
}
