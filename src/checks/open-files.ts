const DESCRIPTORS = '/proc/self/fd';

/** Not the project's: devices, and what Node itself reads meanwhile, such as certificates. */
const SYSTEM_FILE = /^\/(dev|proc|sys|etc|usr|lib|lib64)\//;

/** What a descriptor stands for. */
interface Opened {
  readonly descriptor: number;
  readonly dev: number;
  readonly ino: number;
  /** Whether it is a file of the project. */
  readonly isFile: boolean;
}

// Bound at load: a test may spy on them later.
const { fstatSync, readdirSync, readlinkSync, statSync } = process.getBuiltinModule('node:fs');

/** What each descriptor stood for when it was last looked at. */
const known = new Map<number, Opened>();
/** All that were open when it was last looked. */
let open: readonly Opened[] = [];

/**
 * Files of the project that the process has open; null where that cannot be told: it needs Linux, and other threads share
 * the table of the process. Every test pays for this twice: to list descriptors, and to read where they lead, costs more
 * than to ask whether they are still the same.
 */
export function countOpenFiles(): number | null {
  if (process.platform !== 'linux' || !process.getBuiltinModule('node:worker_threads').isMainThread)
    return null;
  open = stillOpen() ?? lookAt(readdirSync(DESCRIPTORS).map(Number));
  return open.filter(({ isFile }) => isFile).length;
}

/** The descriptors that were open last; null where they are not those that are open now. */
function stillOpen(): readonly Opened[] | null {
  // The size is their number since Linux 6.2, and 0 before.
  if (statSync(DESCRIPTORS).size !== open.length) return null;
  const found = lookAt(open.map(({ descriptor }) => descriptor));
  return found.length === open.length ? found : null;
}

/** Leaves out what is closed, as the descriptor of a listing is. */
function lookAt(descriptors: readonly number[]): Opened[] {
  return descriptors.map(opened).filter((one) => one !== null);
}

function opened(descriptor: number): Opened | null {
  try {
    const { dev, ino } = fstatSync(descriptor);
    const last = known.get(descriptor);
    // A number that was given to something else meanwhile has another inode.
    if (last?.ino === ino && last.dev === dev) return last;
    const target = readlinkSync(`${DESCRIPTORS}/${descriptor}`);
    const isFile = target.startsWith('/') && !SYSTEM_FILE.test(target);
    const found = { descriptor, dev, ino, isFile };
    known.set(descriptor, found);
    return found;
  } catch {
    return null;
  }
}
