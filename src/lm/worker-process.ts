import { type ChildProcess, fork } from 'node:child_process';
import { ConstitutionError } from '../core/errors.ts';
import type { Generation, GenerationResult, OnText } from './generation.ts';
import { type FromWorker, fromPlainError, type ToWorker } from './worker-messages.ts';

/** How to start a worker: a module that calls `serveWorker`, and its arguments. */
export interface WorkerCommand {
  readonly module: string;
  readonly args: readonly string[];
}

interface Pending {
  readonly id: number;
  readonly onText: OnText;
  resolve(result: GenerationResult): void;
  reject(error: unknown): void;
}

const STDERR_TAIL = 2000;

/** One worker process, serving one request at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  #pending: Pending | null = null;
  #stderr = '';
  #ids = 0;
  #alive = true;

  constructor(command: WorkerCommand) {
    this.#child = fork(command.module, [...command.args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
      execArgv: [],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'failed') reject(fromPlainError(message.error));
        else this.#answer(message);
      });
      this.#child.once('error', (cause) => this.#end(reject, cause));
      // 'close', not 'exit': by then stderr has been read to its end.
      this.#child.once('close', () => this.#end(reject, undefined));
    });
    // Whoever waits for readiness gets the rejection; without a waiter it must not end the process.
    this.#ready.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  get busy(): boolean {
    return this.#pending !== null;
  }

  /** Resolves when the model is loaded. Rejects with `CX-LM-START` where it is not. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Settles when the worker is free again, so also an aborted call waits for the worker to let go. */
  async generate(generation: Generation, signal: AbortSignal, onText: OnText): Promise<GenerationResult> {
    const id = ++this.#ids;
    const cancel = () => this.#send({ type: 'cancel', id });
    try {
      return await new Promise<GenerationResult>((resolve, reject) => {
        this.#pending = { id, onText, resolve, reject };
        signal.addEventListener('abort', cancel, { once: true });
        if (this.#alive) this.#send({ type: 'generate', id, generation });
        else reject(this.#death(undefined));
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#pending = null;
    }
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }

  #send(message: ToWorker): void {
    // A channel that has just closed is reported by 'close', which rejects what is pending.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #answer(message: Extract<FromWorker, { id: number }>): void {
    const pending = this.#pending;
    if (pending === null || pending.id !== message.id) return;
    if (message.type === 'text') pending.onText(message.sample, message.text);
    else if (message.type === 'done') pending.resolve(message.result);
    else pending.reject(fromPlainError(message.error));
  }

  #end(rejectReady: (error: unknown) => void, cause: unknown): void {
    this.#alive = false;
    rejectReady(
      new ConstitutionError('CX-LM-START', 'The process of the embedded model ended while it started.', {
        details: { stderr: this.#stderr, exitCode: this.#child.exitCode, signal: this.#child.signalCode },
        cause,
      }),
    );
    this.#pending?.reject(this.#death(cause));
  }

  #death(cause: unknown): ConstitutionError {
    return new ConstitutionError(
      'CX-LM-DIED',
      'The process of the embedded model ended while it served a request.',
      {
        hint: 'Another process has taken its place: send the request again.',
        details: { stderr: this.#stderr, exitCode: this.#child.exitCode, signal: this.#child.signalCode },
        cause,
      },
    );
  }
}
