const DESCRIPTORS = '/proc/self/fd';

/** Not the project's: devices, and what Node itself reads meanwhile, such as certificates. */
const SYSTEM_FILE = /^\/(dev|proc|sys|etc|usr|lib|lib64)\//;

interface Opened {
  readonly dev: number;
  readonly ino: number;
  readonly isFile: boolean;
}

// Bound at load: a test may spy on them later.
const { fstatSync, readdirSync, readlinkSync } = process.getBuiltinModule('node:fs');

/** What each descriptor was when it was last looked at: to ask which file it is takes half as long as to ask for its path. */
const known = new Map<number, Opened>();

/**
 * Files of the project that the process has open; null where that cannot be told: it needs Linux, and other threads share
 * the table of the process.
 */
export function countOpenFiles(): number | null {
  if (process.platform !== 'linux' || !process.getBuiltinModule('node:worker_threads').isMainThread) return null;
  return readdirSync(DESCRIPTORS).filter((descriptor) => isFile(Number(descriptor))).length;
}

function isFile(descriptor: number): boolean {
  try {
    const { dev, ino } = fstatSync(descriptor);
    const last = known.get(descriptor);
    // A number that was given to something else meanwhile has another inode.
    if (last?.ino === ino && last.dev === dev) return last.isFile;
    const target = readlinkSync(`${DESCRIPTORS}/${descriptor}`);
    const opened = { dev, ino, isFile: target.startsWith('/') && !SYSTEM_FILE.test(target) };
    known.set(descriptor, opened);
    return opened.isFile;
  } catch {
    // The descriptor of the listing itself is gone by now.
    return false;
  }
}
