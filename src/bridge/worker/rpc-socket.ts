import net from 'node:net';
import {
  type CancellationToken,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

/** How a connection ended: the other side closed it, or sent something that is not the protocol. */
export type Loss = { readonly kind: 'closed' } | { readonly kind: 'garbage'; readonly error: Error };

/** Rejects the calls that were under way when the connection was lost. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly loss: Loss;

  constructor(loss: Loss) {
    super(loss.kind === 'closed' ? 'The connection was closed.' : loss.error.message);
    this.loss = loss;
  }
}

/** Shows every message to an observer in the order of arrival: the connection itself may answer a call first. */
class ObservedReader extends StreamMessageReader {
  observe: (message: Message) => void = () => {};

  override listen(callback: DataCallback): Disposable {
    return super.listen((message) => {
      this.observe(message);
      callback(message);
    });
  }
}

/**
 * JSON-RPC over a Unix socket. Unlike a bare vscode-jsonrpc connection, calls under way are rejected at once when the
 * other end goes away or stops speaking the protocol.
 */
export class RpcSocket {
  readonly #socket: net.Socket;
  readonly #reader: ObservedReader;
  readonly #connection: MessageConnection;
  readonly #lost: Promise<never>;
  #reportLoss!: (loss: Loss) => void;
  #isLost = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    this.#lost = new Promise((_, reject) => {
      this.#reportLoss = (loss) => {
        this.#isLost = true;
        reject(new ConnectionLost(loss));
      };
    });
    this.#lost.catch(() => {}); // also lost while nobody is calling
    socket.on('close', () => this.#reportLoss({ kind: 'closed' }));
    socket.on('error', () => {}); // 'close' follows
    this.#reader = new ObservedReader(socket);
    this.#connection = createMessageConnection(this.#reader, new StreamMessageWriter(socket));
    this.#connection.onError(([error]) => {
      const bySystem = 'syscall' in error; // EPIPE, ECONNRESET: the other end is gone
      this.#reportLoss(bySystem ? { kind: 'closed' } : { kind: 'garbage', error });
      socket.destroy();
    });
    this.#connection.listen();
  }

  /** Raises the error of `net.connect` (ENOENT, ECONNREFUSED) where nobody listens. */
  static async connect(path: string): Promise<RpcSocket> {
    const socket = net.connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RpcSocket(socket);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Calls `handler` when the notification arrives: before any answer that was sent after it is handed out. */
  onNotification(method: string, handler: () => void): void {
    this.#reader.observe = (message) => {
      if ('method' in message && message.method === method) handler();
    };
  }

  /** Rejects with vscode-jsonrpc's `ResponseError`, or with `ConnectionLost`. */
  async request<T>(method: string, params: object, token?: CancellationToken): Promise<T> {
    const answer = token
      ? this.#connection.sendRequest<T>(method, params, token)
      : this.#connection.sendRequest<T>(method, params);
    answer.catch(() => {}); // after a loss nobody waits for it any more
    return Promise.race([answer, this.#lost]);
  }

  close(): void {
    this.#isLost = true;
    this.#connection.dispose();
    this.#socket.destroy();
  }
}
