import type { Reporter, TestCase } from 'vitest/node';
import type { ConstitutionMeta } from '../provided.ts';

/** Time between two lines, so that a log stays readable. */
const INTERVAL_MS = 5_000;

/** What is needed of a test that has ended. */
type EndedTest = Pick<TestCase, 'name'> & { meta(): { constitution?: ConstitutionMeta } };

/** Says how far a gate run is, and about how long it still takes. */
export class GateProgress implements Reporter {
  readonly #total: number;
  readonly #note: (line: string) => void;
  readonly #now: () => number;
  #started = 0;
  #last = 0;
  #done = 0;
  /** Runs made now, and runs that an interrupted gate had made: those took no time. */
  #made = 0;
  #resumed = 0;

  /** @param total Seeded bugs of the run. */
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

  onTestCaseResult(test: EndedTest): void {
    const { runs = [], variants = {}, resumed = 0 } = test.meta().constitution ?? {};
    const all = runs.length + Object.values(variants).reduce((sum, own) => sum + own.length, 0);
    // A test of signatures is no bug.
    if (all === 0) return;
    this.#done++;
    this.#resumed += resumed;
    this.#made += Math.max(0, all - resumed);
    const now = this.#now();
    if (now - this.#last < INTERVAL_MS || this.#done >= this.#total) return;
    this.#last = now;
    const parts = [
      `${this.#done} of ${this.#total} bugs`,
      ...(this.#made === 0 ? [] : [`about ${timeText(this.#msLeft(now))} left`]),
      ...(this.#resumed === 0 ? [] : [`${this.#resumed} runs kept from before`]),
      test.name,
    ];
    this.#note(`  ${parts.join(' · ')}`);
  }

  /** By the runs of a bug so far, and the time of those that were made now. */
  #msLeft(now: number): number {
    const runsLeft = ((this.#made + this.#resumed) / this.#done) * (this.#total - this.#done);
    return ((now - this.#started) / this.#made) * runsLeft;
  }
}

/** `40 s`, `12 min`. */
function timeText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
