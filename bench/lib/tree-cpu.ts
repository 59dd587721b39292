import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux's accounting, everywhere that Node runs. */
const TICK_MS = 10;
/** Fields of `/proc/<pid>/stat`, counted from behind the name in parentheses. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14];

/**
 * Milliseconds of CPU time of this process and of all that descend from it, those that have ended included as far as they
 * were waited for. Linux only.
 */
export function treeCpuMs(): number {
  const processes = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      // it ended meanwhile
      continue;
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = TIMES.reduce((sum, field) => sum + Number(fields[field]), 0);
    processes.set(Number(name), { parent: Number(fields[PARENT]), ticks });
  }
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (processes.has(pid) && isOurs(processes.get(pid)?.parent ?? 0));
  return [...processes].reduce((sum, [pid, { ticks }]) => sum + (isOurs(pid) ? ticks * TICK_MS : 0), 0);
}
