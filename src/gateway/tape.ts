import type { LmExchange, Recording } from '../core/lm-exchange.ts';

/** The exchanges of a recording, taken one by one as a run asks for them again. */
export class Tape {
  readonly recording: Recording;
  readonly sha256: string;
  readonly #byKey = new Map<string, LmExchange[]>();
  readonly #taken = new Map<string, number>();
  #takenInAll = 0;

  /** @param sha256 hash of the recording's file */
  constructor(recording: Recording, sha256: string) {
    this.recording = recording;
    this.sha256 = sha256;
    for (const exchange of recording.exchanges) {
      const same = this.#byKey.get(exchange.key);
      if (same) same.push(exchange);
      else this.#byKey.set(exchange.key, [exchange]);
    }
  }

  /** The next exchange of this key, each once; undefined where none is left. */
  take(key: string): LmExchange | undefined {
    const ordinal = this.#taken.get(key) ?? 0;
    const exchange = this.#byKey.get(key)?.[ordinal];
    if (exchange === undefined) return undefined;
    this.#taken.set(key, ordinal + 1);
    this.#takenInAll += 1;
    return exchange;
  }

  /** How many exchanges of this key there are. */
  count(key: string): number {
    return this.#byKey.get(key)?.length ?? 0;
  }

  /** Exchanges that nobody has asked for. */
  get unused(): number {
    return this.recording.exchanges.length - this.#takenInAll;
  }
}
