/** The last part of a stream of text, bounded in memory. */
export class TextTail {
  #text = '';
  readonly #limit: number;

  /** `limit` in characters. */
  constructor(limit = 8192) {
    this.#limit = limit;
  }

  append(chunk: string | Uint8Array): void {
    this.#text = (
      this.#text + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
    ).slice(-this.#limit);
  }

  toString(): string {
    return this.#text.trimEnd();
  }
}
