import type { Baseline } from '../core/baseline.ts';

let read: { file: string; baseline: Baseline | null } | undefined;

/** The baseline for checks: the main process has validated the file; here it is only parsed, once a worker. */
export function readBaseline(file: string): Baseline | null {
  if (read?.file !== file) {
    let baseline: Baseline | null;
    try {
      baseline = JSON.parse(process.getBuiltinModule('node:fs').readFileSync(file, 'utf8')) as Baseline;
    } catch {
      baseline = null;
    }
    read = { file, baseline };
  }
  return read.baseline;
}
