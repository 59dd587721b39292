import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { quantile } from '../../src/core/statistics/summary.ts';
import { vitestOf } from '../../src/vitest/overhead/run-suite.ts';
import { SWITCH } from '../../src/vitest/overhead/switch.ts';

/** Writes the peak of a process's resident memory, in KiB, where the process is no worker of a pool. */
const WRITE_PEAK = `
process.on('exit', () => {
  if (process.env.VITEST_POOL_ID === undefined)
    require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS));
});`;

/**
 * How much more memory vitest's main process takes at its peak with the constitution than without it, in MB: medians of as
 * many interleaved pairs of runs as asked for.
 */
export async function mainMemoryOf(root: string, pairs: number): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'peak-'));
  try {
    const peaks = { on: [] as number[], off: [] as number[] };
    for (let pair = 0; pair < pairs; pair++) {
      for (const arm of ['on', 'off'] as const) peaks[arm].push(await peakOf(root, folder, arm));
    }
    return median(peaks.on) - median(peaks.off);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function peakOf(root: string, folder: string, arm: 'on' | 'off'): Promise<number> {
  const file = path.join(folder, 'peak');
  const preload = `--import=data:text/javascript,${encodeURIComponent(
    `import { createRequire } from 'node:module'; const require = createRequire('/'); ${WRITE_PEAK}`,
  )}`;
  await execa(process.execPath, [preload, vitestOf(root), 'run', '--reporter=json'], {
    cwd: root,
    env: { [SWITCH]: arm, PEAK_FILE: file },
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
  });
  return (Number(await readFile(file, 'utf8')) * 1024) / 1e6;
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
