import { readFileSync } from 'node:fs';
import type { Spender } from '../../core/spending/ledger-entry.ts';

/** Field of `/proc/<pid>/stat` with the start of the process, counted from behind the name in parentheses. */
const START_FIELD = 19;

/** This process. */
export function ownSpender(): Spender {
  return { pid: process.pid, startedAt: startOf(process.pid) };
}

/** Whether a process still runs: the same one, where the system tells when it began. */
export function isAlive({ pid, startedAt }: Spender): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of another user lives as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startOf(pid);
  return startedAt === null || now === null || now === startedAt;
}

/** Clock ticks from the start of the system to that of the process (Linux); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that has ended and was not waited for is none that spends.
    return fields[0] === 'Z' ? 'ended' : (fields[START_FIELD] ?? null);
  } catch {
    return null;
  }
}
