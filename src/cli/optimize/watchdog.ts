/** How long an optimizer may take to unwind once its budget is spent. */
export const UNWIND_MS = 5_000;

/** Ends an optimizer that goes on after its end: GEPA 0.0.4 was seen to. */
export class Watchdog {
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #limit: NodeJS.Timeout | undefined;
  readonly #unwindMs: number;

  /** @param signal aborts at once */
  constructor(signal: AbortSignal, unwindMs = UNWIND_MS) {
    this.#unwindMs = unwindMs;
    const abort = () => this.#abort.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** Aborted when the optimizer is to be killed. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the time to unwind ran out. */
  bit = false;

  /** The budget is spent: from now on the time to unwind runs. */
  alarm(): void {
    this.#timer ??= setTimeout(() => {
      this.bit = true;
      this.#abort.abort();
    }, this.#unwindMs);
  }

  /** In so many milliseconds the budget is spent, whatever a ledger says of it, or cannot say because its disk is full. */
  within(ms: number): void {
    this.#limit = setTimeout(() => this.alarm(), ms);
  }

  /** The optimizer has ended. */
  stand(): void {
    clearTimeout(this.#limit);
    clearTimeout(this.#timer);
  }
}
