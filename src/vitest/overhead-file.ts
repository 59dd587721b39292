import { existsSync } from 'node:fs';
import path from 'node:path';
import type { OverheadReport } from '../core/eval-report.ts';
import type { PairedOverhead } from '../core/paired-overhead.ts';

/** Where the latest paired run is kept, relative to the root: it belongs to the machine, not to the repository. */
export const OVERHEAD_FILE = '.constitution/overhead.json';

/** The latest paired run; null where there is none that can be read. */
export async function readOverhead(root: string): Promise<PairedOverhead | null> {
  const file = path.join(root, OVERHEAD_FILE);
  if (!existsSync(file)) return null;
  try {
    const { loadPairedOverhead } = await import('../config/paired-overhead.ts');
    return await loadPairedOverhead(file, root);
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
