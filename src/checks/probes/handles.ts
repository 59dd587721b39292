import type { Probe } from '../observations.ts';
import { isMarked, processState } from '../process-state.ts';

/** Kinds of handles that a test can leave; the others come and go with what vitest itself does. */
const WATCHED = /^(TCPSocketWrap|TCPServerWrap|PipeWrap|UDPWrap|ProcessWrap|FSEventWrap|StatWatcher)$/;

/** Turns of the event loop in which what has been closed goes away. */
const SETTLING_TURNS = 3;

interface Timer {
  hasRef?(): boolean;
}

/** Timers that have been set and have neither fired nor been cleared. */
const pending = processState('timers', () => new Map<Timer, 'Timeout' | 'Immediate'>());
// Bound at load: fake timers replace the global later.
const realSetImmediate = setImmediate;

/**
 * Timers, sockets, servers, watchers, child processes and open files that a test leaves behind. Timers are followed
 * where they are set: vitest has its own, which are none of the test's. Files need Linux, and a process of their own.
 */
export const probe: Probe<'handles'> = {
  install: patch,
  watch() {
    const timersBefore = new Set(pending.keys());
    const before = countHandles();
    return async () => {
      for (let turn = 0; turn < SETTLING_TURNS; turn++) await nextTurn();
      const left: Record<string, number> = {};
      for (const [timer, kind] of pending) {
        // A timer that lets the process end is no leak.
        if (!timersBefore.has(timer) && timer.hasRef?.() !== false) left[kind] = (left[kind] ?? 0) + 1;
      }
      for (const [kind, count] of Object.entries(countHandles())) {
        const more = count - (before[kind] ?? 0);
        if (more > 0) left[kind] = more;
      }
      return left;
    };
  },
};

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void realSetImmediate(resolve));
}

function countHandles(): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  for (const kind of process.getActiveResourcesInfo()) if (WATCHED.test(kind)) add(kind);
  for (const _file of openFiles()) add('File');
  return counts;
}

/** Not the project's: devices, and what Node itself reads meanwhile, such as certificates. */
const SYSTEM_FILE = /^\/(dev|proc|sys|etc|usr|lib|lib64)\//;

/** Regular files that the process has open; other threads share its table, so there is nothing to say in one. */
function openFiles(): string[] {
  const fs = process.getBuiltinModule('node:fs');
  if (process.platform !== 'linux' || !process.getBuiltinModule('node:worker_threads').isMainThread)
    return [];
  return fs.readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const target = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.startsWith('/') && !SYSTEM_FILE.test(target) ? [target] : [];
    } catch {
      // The descriptor of the listing itself is gone by now.
      return [];
    }
  });
}

type Setter = (callback: (...args: unknown[]) => unknown, ...rest: unknown[]) => Timer;

/** Replaces the global functions, and those of `node:timers` for who imports them. */
function patch(): void {
  for (const owner of [globalThis, process.getBuiltinModule('node:timers')]) {
    if (isMarked(owner, 'timers')) continue;
    const functions = owner as unknown as Record<string, unknown>;
    follow(functions, 'setTimeout', 'clearTimeout', 'Timeout', true);
    follow(functions, 'setInterval', 'clearInterval', 'Timeout', false);
    follow(functions, 'setImmediate', 'clearImmediate', 'Immediate', true);
  }
  process.getBuiltinModule('node:module').syncBuiltinESMExports();
}

function follow(
  owner: Record<string, unknown>,
  set: string,
  clear: string,
  kind: 'Timeout' | 'Immediate',
  once: boolean,
): void {
  const original = owner[set] as Setter;
  const originalClear = owner[clear] as (timer: unknown) => void;
  const setter: Setter = (callback, ...rest) => {
    if (typeof callback !== 'function') return original(callback, ...rest);
    const timer = original(
      (...args) => {
        if (once) pending.delete(timer);
        return callback(...args);
      },
      ...rest,
    );
    pending.set(timer, kind);
    return timer;
  };
  // `util.promisify(setTimeout)` goes by a property of the function.
  for (const key of Object.getOwnPropertySymbols(original)) {
    Object.defineProperty(setter, key, Object.getOwnPropertyDescriptor(original, key) ?? {});
  }
  owner[set] = setter;
  owner[clear] = (timer: unknown) => {
    if (typeof timer === 'object') pending.delete(timer as Timer);
    // Timers may be cleared by their number.
    else for (const known of pending.keys()) if (Number(known) === Number(timer)) pending.delete(known);
    originalClear(timer);
  };
}
