import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { stateFolder } from './paths.ts';
import { runCommand } from './run-command.ts';

// The file comes as stdin: the one descriptor that every way of starting a process can hand on.
const TRY = 'import fcntl; fcntl.flock(0, fcntl.LOCK_EX | fcntl.LOCK_NB)';
const WAIT = 'import fcntl; fcntl.flock(0, fcntl.LOCK_EX)';

/** A lock that is held; pass `fd` as `keepOpen` to every process that changes what it protects. */
export interface SyncLock {
  readonly fd: number;
  release(): Promise<void>;
}

export interface SyncLockOptions {
  /** Interpreter that takes the lock: Node has no flock. */
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called once where another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Takes the lock under which environments of a project are changed. It is a kernel lock (flock) on an open file that
 * this process shares with its children: a process that is killed leaves nothing stale, and an installer that outlives
 * its parent keeps the lock until it has ended.
 */
export async function takeSyncLock(root: string, options: SyncLockOptions): Promise<SyncLock> {
  const folder = stateFolder(root);
  await mkdir(folder, { recursive: true });
  const file = await open(path.join(folder, 'environments.lock'), 'a+');
  const run = (script: string) =>
    runCommand(options.python, ['-I', '-c', script], {
      env: options.env,
      signal: options.signal,
      keepOpen: file.fd,
      failure: { code: 'CX-ENV-INSTALL', message: 'the lock on the environments could not be taken' },
    });
  try {
    try {
      await run(TRY);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      options.onWait?.();
      await run(WAIT);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return { fd: file.fd, release: () => file.close() };
}
