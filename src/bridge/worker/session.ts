import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import { ConstitutionError } from '../../core/errors.ts';
import {
  type OptimizeParams,
  PROTOCOL_VERSION,
  type RunAnswer,
  type RunParams,
  type SchemaAnswer,
  type SchemaParams,
  type ScoreAnswer,
  type ScoreParams,
  type WorkerIdentity,
} from '../protocol.ts';
import { answeredError, cancelledError, endedError, garbageError, timedOutError } from './failure.ts';
import { ConnectionLost, RpcSocket } from './rpc-socket.ts';
import { Supervisor } from './supervisor.ts';

/** The worker's answer when its state does not fit a request, say after the user's code has changed. */
const RETIRED = -32050;
/** A cancelled run may still clean up; after this time (ms) it is killed. */
const CANCEL_GRACE_MS = 500;
/** How long the fork server may take to learn of a child's end, in milliseconds. */
const ENDING_WAIT_MS = 2_000;
/** Each stale child answers once that it retires; more of them in a row than any pool holds is a fault. */
const MAX_RETIRED_CHILDREN = 1_000;

/** Limits of one call. */
export interface CallLimits {
  /** Milliseconds from the moment a child takes the call; it is then killed with all it started. Default: none. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Child {
  readonly socket: RpcSocket;
  readonly identity: WorkerIdentity;
  retired: boolean;
}

/**
 * One client of a fork server: a sequence of calls, each answered by a forked child. The child is kept from call to
 * call while it is clean, and replaced without the caller's doing when it is not. Calls of one session queue; for
 * parallel runs open several sessions. Works in any process that knows the socket path.
 */
export class WorkerSession {
  readonly #socketPath: string;
  readonly #supervisor: Supervisor;
  #child: Child | undefined;
  #identity: WorkerIdentity | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.#supervisor = new Supervisor(socketPath);
  }

  /** Waits for a free child. Raises CX-WORKER-DIED where no fork server listens. */
  static async connect(socketPath: string): Promise<WorkerSession> {
    const session = new WorkerSession(socketPath);
    await session.#connected();
    return session;
  }

  /** Who answers, or answered last. */
  get identity(): WorkerIdentity {
    if (!this.#identity)
      throw new ConstitutionError('CX-INTERNAL', 'A session was used before it was connected.');
    return this.#identity;
  }

  /** Raises CX-PIPELINE-*, CX-WORKER-*, CX-RUN-TIMEOUT or CX-RUN-CANCELLED; the next call works all the same. */
  run(params: RunParams, limits?: CallLimits): Promise<RunAnswer> {
    return this.#call('run', params, limits);
  }

  score(params: ScoreParams, limits?: CallLimits): Promise<ScoreAnswer> {
    return this.#call('score', params, limits);
  }

  schema(params: SchemaParams, limits?: CallLimits): Promise<SchemaAnswer> {
    return this.#call('schema', params, limits);
  }

  /** As {@link run}; raises CX-BUDGET-SPENT, CX-OPTIMIZE-SETUP and CX-OPTIMIZE-STALLED besides. */
  async optimize(params: OptimizeParams, limits?: CallLimits): Promise<void> {
    await this.#call('optimize', params, limits);
  }

  async ping(limits?: CallLimits): Promise<void> {
    await this.#call('ping', {}, limits);
  }

  /** Gives the child back to the pool. A call under way is rejected. */
  close(): void {
    this.#child?.socket.close();
    this.#child = undefined;
  }

  #call<T>(method: string, params: object, limits: CallLimits = {}): Promise<T> {
    const result = this.#queue.then(() => this.#withFreshChildren<T>(method, params, limits));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #withFreshChildren<T>(method: string, params: object, limits: CallLimits): Promise<T> {
    for (let retired = 0; retired < MAX_RETIRED_CHILDREN; retired++) {
      if (limits.signal?.aborted) throw cancelledError(limits.signal.reason);
      const child = await this.#connected();
      try {
        return await this.#callChild<T>(child, method, params, limits);
      } catch (error) {
        if (error instanceof ResponseError && error.code === RETIRED) continue;
        throw error instanceof ResponseError ? answeredError(error) : error;
      } finally {
        if (child.retired || child.socket.isLost) this.#release(child);
      }
    }
    throw new ConstitutionError(
      'CX-WORKER-PROTOCOL',
      'Every Python process refused the call as out of date.',
      {
        hint: 'Does a file of the pipeline change all the time?',
      },
    );
  }

  async #callChild<T>(child: Child, method: string, params: object, limits: CallLimits): Promise<T> {
    const { timeoutMs, signal } = limits;
    const cancellation = new CancellationTokenSource();
    let stopped: 'timeout' | 'cancelled' | undefined;
    let grace: NodeJS.Timeout | undefined;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            stopped ??= 'timeout';
            void this.#kill(child);
          }, timeoutMs);
    const onAbort = () => {
      stopped ??= 'cancelled';
      cancellation.cancel();
      grace = setTimeout(() => void this.#kill(child), CANCEL_GRACE_MS);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await child.socket.request<T>(method, params, cancellation.token);
    } catch (error) {
      if (stopped === 'cancelled') throw cancelledError(error);
      if (!(error instanceof ConnectionLost)) throw error;
      const ending = await this.#endingOf(child, error);
      if (stopped === 'timeout') throw timedOutError(timeoutMs ?? 0, ending, error);
      throw error.loss.kind === 'garbage'
        ? garbageError(ending, error.loss.error)
        : endedError(ending, error);
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
      cancellation.dispose();
    }
  }

  /** After garbage the child still runs, and nothing it says can be believed. */
  #endingOf(child: Child, lost: ConnectionLost) {
    const { pid } = child.identity;
    return lost.loss.kind === 'garbage'
      ? this.#supervisor.kill(pid)
      : this.#supervisor.ending(pid, ENDING_WAIT_MS);
  }

  async #kill(child: Child): Promise<void> {
    await this.#supervisor.kill(child.identity.pid);
    child.socket.close(); // where the fork server could not be asked, the caller must not wait for ever
  }

  async #connected(): Promise<Child> {
    if (this.#child && !this.#child.socket.isLost) return this.#child;
    for (;;) {
      const socket = await this.#open();
      try {
        const identity = await socket.request<WorkerIdentity>('initialize', { protocol: PROTOCOL_VERSION });
        const child: Child = { socket, identity, retired: false };
        socket.onNotification('$/retire', () => {
          child.retired = true;
        });
        this.#identity = identity;
        this.#child = child;
        return child;
      } catch (error) {
        socket.close();
        if (error instanceof ResponseError) throw answeredError(error);
        // The child ended between accepting and answering (killed from outside): another one takes its place.
        if (!(error instanceof ConnectionLost) || error.loss.kind === 'garbage') throw error;
      }
    }
  }

  async #open(): Promise<RpcSocket> {
    try {
      return await RpcSocket.connect(this.#socketPath);
    } catch (cause) {
      throw new ConstitutionError('CX-WORKER-DIED', 'No Python fork server listens on its socket.', {
        hint: 'It ends with the process that started it; start the test run again.',
        cause,
      });
    }
  }

  #release(child: Child): void {
    child.socket.close();
    if (this.#child === child) this.#child = undefined;
  }
}
