import { RpcSocket } from './rpc-socket.ts';

/** How a child of the fork server ended. */
export interface ChildEnding {
  readonly exitCode: number | null;
  /** `SIGKILL`, ... */
  readonly signal: string | null;
  /** The last 8 KB of what it printed. */
  readonly stderrTail: string;
}

/** A living child. */
export interface ChildStatus {
  readonly pid: number;
  readonly state: 'starting' | 'idle' | 'busy' | 'retired';
  /** Milliseconds from the fork until it accepted connections. */
  readonly readyMs: number | null;
}

/** Asks the fork server about its children. Only it may kill them: it knows which process numbers are still theirs. */
export class Supervisor {
  readonly #path: string;

  /** `socketPath`: the one that runs connect to. */
  constructor(socketPath: string) {
    this.#path = `${socketPath}.ctl`;
  }

  /** How a child ended; null where that is not known within `waitMs`, or the fork server is gone. */
  ending(pid: number, waitMs: number): Promise<ChildEnding | null> {
    return this.#ask('ending', { pid, waitMs });
  }

  /** Kills a child and all it has started, and waits for its end. */
  kill(pid: number): Promise<ChildEnding | null> {
    return this.#ask('kill', { pid });
  }

  async children(): Promise<readonly ChildStatus[]> {
    return (await this.#ask<{ children: ChildStatus[] }>('stats', {}))?.children ?? [];
  }

  async #ask<T>(method: string, params: object): Promise<T | null> {
    let socket: RpcSocket | undefined;
    try {
      socket = await RpcSocket.connect(this.#path);
      return await socket.request<T | null>(method, params);
    } catch {
      return null; // the fork server is gone, and its children with it
    } finally {
      socket?.close();
    }
  }
}
