import { closeSync, fdatasync, fdatasyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ConstitutionError } from '../../core/errors.ts';

/** How long lines may be lost to a power failure; a process that is killed loses none. */
const SYNC_AFTER_MS = 200;
const CHUNK_BYTES = 64 * 1024;

/**
 * An append-only file of JSON lines that several processes write to and read. Appends of one `write` call to a local
 * file do not mix, so the file is one order of lines for all of them. A line that was cut off (disk full) is skipped by
 * every reader: the next one begins on a line of its own.
 */
export class Journal {
  readonly file: string;
  readonly #descriptor: number;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #offset = 0;
  /** Bytes behind the last line break. */
  #rest = Buffer.alloc(0);
  /** A line of ours was cut off. */
  #torn = false;
  #damaged = 0;
  #syncing: NodeJS.Timeout | undefined;
  #closed = false;

  /** Opens the file, and makes it and its folder where they are missing. Throws the error of the file system. */
  constructor(file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.file = file;
    this.#descriptor = openSync(file, 'a+');
  }

  /** Lines that are no JSON. */
  get damaged(): number {
    return this.#damaged;
  }

  /**
   * Appends one value. What was written of a line that does not fit counts for nothing.
   *
   * @throws ConstitutionError CX-BUDGET-LEDGER for such a line; the error of the file system where it takes nothing
   */
  append(value: object): void {
    const begin = this.#torn || this.#rest.length > 0 ? '\n' : '';
    const line = Buffer.from(`${begin}${JSON.stringify(value)}\n`);
    const written = writeSync(this.#descriptor, line);
    this.#torn = written < line.length;
    if (this.#torn) {
      const message = `the ledger cannot be kept: the disk took ${written} of the ${line.length} bytes of a line`;
      throw new ConstitutionError('CX-BUDGET-LEDGER', message, {
        place: { file: this.file },
        hint: 'Free disk space. The line counts for nothing, and the lines before it hold.',
      });
    }
    this.#syncing ??= this.#syncLater();
  }

  /** What was appended, by anyone, since the last call. Throws the error of the file system. */
  read(): unknown[] {
    const chunks = [this.#rest];
    for (;;) {
      const count = readSync(this.#descriptor, this.#chunk, 0, CHUNK_BYTES, this.#offset);
      this.#offset += count;
      if (count > 0) chunks.push(Buffer.from(this.#chunk.subarray(0, count)));
      if (count < CHUNK_BYTES) break;
    }
    if (chunks.length === 1) return [];
    const bytes = Buffer.concat(chunks);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#rest = bytes.subarray(end);
    return bytes
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : this.#parse(line)));
  }

  /** Writes through to the disk, and closes the file. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#syncing);
    try {
      fdatasyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #parse(line: string): unknown[] {
    try {
      return [JSON.parse(line)];
    } catch {
      this.#damaged++;
      return [];
    }
  }

  #syncLater(): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#syncing = undefined;
      // A disk that cannot write is told of by the next append.
      fdatasync(this.#descriptor, () => undefined);
    }, SYNC_AFTER_MS);
    return timer.unref();
  }
}
