/** What probes can see while a test runs; each is written by the probe of the same name in `probes/`. */
export interface Observations {
  /** Calls of `console.*`, in order. */
  readonly console: readonly ConsoleLine[];
  /** What was written to standard output and standard error past the console, in order. */
  readonly output: readonly OutputText[];
  /** Connections and name look-ups that were begun. */
  readonly network: readonly NetworkUse[];
  /** Names of environment variables that the test left added, changed or removed. */
  readonly env: Changes;
  /** Names of properties of `globalThis` that the test left added, changed or removed. */
  readonly globals: Changes;
  /** Timers, sockets, servers and files that the test left open, by type as Node names it. */
  readonly handles: Readonly<Record<string, number>>;
  /** Files that were written, made, moved or removed, absolute, `/` as separator. */
  readonly writes: readonly FileWrite[];
  /** Assertions made without `expect`: of chai, as vitest passes it on, and of `node:assert`. */
  readonly assertions: number;
  /** Values that must not be shown, from environment variables whose names say that they are secrets. */
  readonly secrets: readonly Secret[];
  /** Bytes of JavaScript heap that the test left behind, after a garbage collection where the growth was not small. */
  readonly heap: { readonly growth: number };
}

export type ProbeName = keyof Observations;

export interface ConsoleLine {
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  /** As `util.format` makes it, cut to 2,000 characters. */
  readonly text: string;
}

export interface OutputText {
  readonly stream: 'stdout' | 'stderr';
  /** Cut to 10,000 characters. */
  readonly text: string;
}

export interface Secret {
  /** Name of the environment variable. */
  readonly name: string;
  readonly value: string;
}

export interface NetworkUse {
  readonly kind: 'connect' | 'lookup' | 'datagram';
  readonly host: string;
  readonly port: number | null;
}

export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface FileWrite {
  readonly operation: string;
  readonly path: string;
  /** Where symbolic links lead, where that is another path. */
  readonly real?: string;
}

/** Watches a process while a test runs. */
export interface Probe<Name extends ProbeName> {
  /**
   * Patches what has to be patched, before the test file is imported. It can be called again: what is patched stays as it
   * is. Modules of Node are had from `process.getBuiltinModule`: in the vm pools an import would fix their exports.
   */
  install?(): void;
  /**
   * Begins to watch, before the user's own `beforeEach`. What it returns ends it, after the last hook, and says what was
   * seen.
   */
  watch(): () => Observations[Name] | Promise<Observations[Name]>;
}
