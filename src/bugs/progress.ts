/** A command that takes no longer says nothing of its progress. */
const QUIET_MS = 2_000;

/** Says how far a command is and about how long it still takes: from the second second on, every other second. */
export class Progress {
  readonly #total: number;
  readonly #note: (line: string) => void;
  readonly #now: () => number;
  readonly #started: number;
  #last: number;
  #done = 0;

  /** @param total Number of steps, each reported with {@link step}. */
  constructor(
    total: number,
    note: (line: string) => void,
    now: () => number = performance.now.bind(performance),
  ) {
    this.#total = total;
    this.#note = note;
    this.#now = now;
    this.#started = now();
    this.#last = this.#started;
  }

  /** One more step is done; `what` names it. */
  step(what: string): void {
    this.#done++;
    const now = this.#now();
    if (now - this.#last < QUIET_MS || this.#done >= this.#total) return;
    this.#last = now;
    const leftMs = ((now - this.#started) / this.#done) * (this.#total - this.#done);
    this.#note(`  ${this.#done} of ${this.#total} · about ${Math.ceil(leftMs / 1000)} s left · ${what}`);
  }
}
