import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../src/config/package-root.ts';
import { ConstitutionError } from '../src/core/errors.ts';

/** Time between two looks at the memory of the processes. */
const SAMPLE_MS = 200;

/**
 * The whole `gate` command on the repository's bugs and recordings, as a user starts it with everything set up.
 *
 * @returns `wallSeconds`, and `peakMegabytes`: the largest sum of proportional set sizes over the process tree (memory
 *   that forked processes share is counted once), sampled five times a second.
 */
export async function benchGate(): Promise<Record<string, number>> {
  const started = performance.now();
  const gate = spawn(process.execPath, [path.join(packageRoot(), 'dist', 'cli.mjs'), 'gate', '--quiet'], {
    cwd: packageRoot(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peakBytes = 0;
  const sampler = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await treeMemory(gate.pid ?? 0));
  }, SAMPLE_MS);
  const exitCode = await new Promise<number | null>((resolve) => gate.once('exit', resolve));
  clearInterval(sampler);
  if (exitCode === null || exitCode > 2) {
    throw new ConstitutionError('CX-INTERNAL', `the gate ended with exit code ${exitCode}`);
  }
  return { wallSeconds: (performance.now() - started) / 1000, peakMegabytes: peakBytes / 1e6 };
}

/** Proportional set size of a process and all its descendants, in bytes. Linux only. */
async function treeMemory(root: number): Promise<number> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (stat !== '') children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  let bytes = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    bytes += 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    waiting.push(...(children.get(pid) ?? []));
  }
  return bytes;
}
