/** Where times come from; injected, so that a test decides them. */
export interface GatewayClock {
  /** The date that a recording carries. */
  date(): Date;
  /** Milliseconds from any fixed moment, never going back. */
  ms(): number;
}

export const systemClock: GatewayClock = { date: () => new Date(), ms: () => performance.now() };

/**
 * Milliseconds from the start of a run as if every replayed call had taken its recorded time. A run of mode
 * `auto` mixes replayed calls, which cost nothing, with real ones: on the wall clock alone, a real call would
 * seem to overlap the replayed calls before it.
 */
export class RunClock {
  readonly #clock: GatewayClock;
  #anchorWall: number;
  #anchorRun = 0;

  constructor(clock: GatewayClock) {
    this.#clock = clock;
    this.#anchorWall = clock.ms();
  }

  now(): number {
    return this.#anchorRun + this.#clock.ms() - this.#anchorWall;
  }

  /** A call that ended `endMs` after the start of its recorded run has just been replayed. */
  replayed(endMs: number): void {
    this.#anchorRun = Math.max(this.now(), endMs);
    this.#anchorWall = this.#clock.ms();
  }
}
