import { followAcceptedConnections, keptByServers } from '../accepted-connections.ts';
import type { Probe } from '../observations.ts';
import { countOpenFiles } from '../open-files.ts';
import { isMarked, processState } from '../process-state.ts';

/** Kinds of handles that a test can leave; the others come and go with what vitest itself does. */
const WATCHED = /^(TCPSocketWrap|TCPServerWrap|PipeWrap|UDPWrap|ProcessWrap|FSEventWrap|StatWatcher)$/;

/** Turns of the event loop in which what has been closed goes away. */
const SETTLING_TURNS = 3;
/** Turns in all where something has not gone by then: the two ends of a connection close by turns. */
const MOST_TURNS = 20;

interface Timer {
  hasRef?(): boolean;
}

type Counts = Record<string, number>;

/** Timers that have been set and have neither fired nor been cleared. */
const pending = processState('timers', () => new Map<Timer, 'Timeout' | 'Immediate'>());
// Bound at load: fake timers replace the global later.
const realSetImmediate = setImmediate;

/**
 * Timers, sockets, servers, watchers, child processes and open files that a test leaves behind. Timers are followed
 * where they are set: vitest has its own, which are none of the test's. What lets the process end is no leak: Node's
 * pools of connections unref those that are idle. Files need Linux, and a process of their own.
 */
export const probe: Probe<'handles'> = {
  install() {
    patch();
    followAcceptedConnections();
  },
  watch() {
    const timersBefore = new Set(pending.keys());
    const before = countHandles();
    return async () => {
      for (let turn = 0; turn < SETTLING_TURNS; turn++) await nextTurn();
      const timers = timersSince(timersBefore);
      let handles = moreThan(before);
      for (let turn = SETTLING_TURNS; turn < MOST_TURNS && Object.keys(handles).length > 0; turn++) {
        await nextTurn();
        handles = moreThan(before);
      }
      return { ...timers, ...handles };
    };
  },
};

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void realSetImmediate(resolve));
}

function timersSince(before: ReadonlySet<Timer>): Counts {
  const left: Counts = {};
  for (const [timer, kind] of pending) {
    // A timer that lets the process end is no leak.
    if (!before.has(timer) && timer.hasRef?.() !== false) left[kind] = (left[kind] ?? 0) + 1;
  }
  return left;
}

function moreThan(before: Counts): Counts {
  const more: Counts = {};
  for (const [kind, count] of Object.entries(countHandles())) {
    const difference = count - (before[kind] ?? 0);
    if (difference > 0) more[kind] = difference;
  }
  return more;
}

function countHandles(): Counts {
  const counts: Counts = {};
  // Node leaves out what is unref'd.
  for (const kind of process.getActiveResourcesInfo())
    if (WATCHED.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  for (const kind of keptByServers()) counts[kind] = (counts[kind] ?? 0) - 1;
  const files = countOpenFiles();
  return files === null ? counts : { ...counts, File: files };
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
