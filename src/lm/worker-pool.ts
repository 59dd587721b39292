import { ConstitutionError } from '../core/errors.ts';
import type { Generation, GenerationResult, Generator, OnText } from './generation.ts';
import { type WorkerCommand, WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  readonly command: WorkerCommand;
  readonly processes: number;
  /** Most requests that wait; one more is refused with `CX-LM-BUSY`. */
  readonly queueLimit: number;
}

/** Worker processes behind one queue, first come first served. A worker that ended is replaced. */
export class WorkerPool implements Generator {
  readonly #options: PoolOptions;
  readonly #workers: WorkerProcess[];
  readonly #waiting: Array<(worker: WorkerProcess) => void> = [];

  private constructor(options: PoolOptions) {
    this.#options = options;
    this.#workers = Array.from({ length: options.processes }, () => new WorkerProcess(options.command));
  }

  /**
   * Starts all workers and waits until each is ready.
   *
   * @throws ConstitutionError `CX-LM-START` where one is not; the others are ended then.
   */
  static async start(options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(pool.#workers.map((worker) => worker.ready()));
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Requests that wait for a worker. */
  get queued(): number {
    return this.#waiting.length;
  }

  async generate(generation: Generation, signal: AbortSignal, onText: OnText): Promise<GenerationResult> {
    const worker = await this.#acquire(signal);
    try {
      await worker.ready();
      return await worker.generate(generation, signal, onText);
    } finally {
      this.#release(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  readonly #taken = new Set<WorkerProcess>();

  #acquire(signal: AbortSignal): Promise<WorkerProcess> {
    signal.throwIfAborted();
    const idle = this.#workers.findIndex((worker) => !this.#taken.has(worker));
    if (idle !== -1) return Promise.resolve(this.#take(idle));
    if (this.#waiting.length >= this.#options.queueLimit) {
      throw new ConstitutionError('CX-LM-BUSY', `${this.#waiting.length} requests wait already.`, {
        hint: 'Send fewer requests at once, or send this one again later.',
      });
    }
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      const start = (worker: WorkerProcess) => {
        signal.removeEventListener('abort', abort);
        resolve(worker);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(start);
    });
  }

  /** Marks a worker as taken, after replacing it where it has ended. */
  #take(index: number): WorkerProcess {
    let worker = this.#workers[index] as WorkerProcess;
    if (!worker.alive) {
      worker = new WorkerProcess(this.#options.command);
      this.#workers[index] = worker;
    }
    this.#taken.add(worker);
    return worker;
  }

  #release(worker: WorkerProcess): void {
    this.#taken.delete(worker);
    const next = this.#waiting.shift();
    if (next !== undefined) next(this.#take(this.#workers.indexOf(worker)));
  }
}
