/** What probes can see while a test runs; each is written by the probe of the same name in `probes/`. */
export interface Observations {
  /** Calls of `console.*`, in order. */
  readonly console: readonly ConsoleLine[];
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
  /** Bytes of JavaScript heap that the test left behind, after a garbage collection where the growth was not small. */
  readonly heap: { readonly growth: number };
}

export type ProbeName = keyof Observations;

export interface ConsoleLine {
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  /** As `util.format` makes it, cut to 2,000 characters. */
  readonly text: string;
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
}

/** Watches a process while a test runs. */
export interface Probe<Name extends ProbeName> {
  /**
   * Begins to watch, before the user's own `beforeEach`. What it returns ends it, after the last hook, and says what was
   * seen. Whatever it patches in the process must stay correct between tests and when several tests run at once.
   */
  watch(): () => Observations[Name] | Promise<Observations[Name]>;
}
