import type { Reporter, TestCase } from 'vitest/node';

/** Time between two lines, so that a log stays readable. */
const INTERVAL_MS = 5_000;

/** Says how far a gate run is, and about how long it still takes. */
export class GateProgress implements Reporter {
  readonly #total: number;
  readonly #note: (line: string) => void;
  readonly #now: () => number;
  #started = 0;
  #last = 0;
  #done = 0;

  /** @param total Tests of the run. */
  constructor(
    total: number,
    note: (line: string) => void,
    now: () => number = performance.now.bind(performance),
  ) {
    this.#total = total;
    this.#note = note;
    this.#now = now;
  }

  onTestRunStart(): void {
    this.#started = this.#now();
    this.#last = this.#started;
  }

  onTestCaseResult(test: TestCase): void {
    this.#done++;
    const now = this.#now();
    if (now - this.#last < INTERVAL_MS || this.#done >= this.#total) return;
    this.#last = now;
    const leftMs = ((now - this.#started) / this.#done) * (this.#total - this.#done);
    this.#note(`  ${this.#done} of ${this.#total} · about ${Math.ceil(leftMs / 1000)} s left · ${test.name}`);
  }
}
