import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ConstitutionError } from '../core/errors.ts';
import { MODEL } from './artifacts.ts';
import { type FetchOptions, fetchEmbeddedLm } from './fetch.ts';
import type { ModelIdentity } from './openai-response.ts';
import type { ServerOptions, ServerReport } from './server-options.ts';
import { fromPlainError } from './worker-messages.ts';

export interface StartOptions extends FetchOptions {
  /** Threads of each process. One is fastest where several processes share the cores. */
  readonly threads?: number;
  /** Requests served at once; default: one a core, at most two. */
  readonly processes?: number;
  /** Loopback port; default 0, a free one. */
  readonly port?: number;
  /** Tokens of prompt and answer together, at most 8,192; default 4,096. */
  readonly contextSize?: number;
  /** Requests that may wait before one is refused with 429; default 256. */
  readonly queueLimit?: number;
  /** The bundled `server-main.ts`; default: the one beside this package's other bundles. */
  readonly server?: string;
}

/** A served model. */
export interface EmbeddedLm {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  readonly model: ModelIdentity;
  /** Resolves when the server's process has ended, with its exit code (null where a signal ended it). */
  readonly ended: Promise<number | null>;
  /** Ends the server and its workers. */
  stop(): Promise<void>;
}

/**
 * Fetches the model where it is not there yet, and serves it from a process of its own until `stop()`, the
 * signal's abort, or the end of this process.
 *
 * @throws ConstitutionError `CX-LM-FETCH`, or `CX-LM-START` where the server does not come up.
 */
export async function startEmbeddedLm(options: StartOptions): Promise<EmbeddedLm> {
  const { signal } = options;
  const server = options.server ?? bundledServer();
  const files = await fetchEmbeddedLm(options);
  signal.throwIfAborted();
  const settings: ServerOptions = {
    engine: {
      runtimeDir: files.runtime,
      modelPath: files.weights,
      threads: options.threads ?? 1,
      contextSize: options.contextSize ?? 4096,
      slots: 3,
    },
    model: MODEL,
    processes: options.processes ?? Math.min(2, availableParallelism()),
    queueLimit: options.queueLimit ?? 256,
    port: options.port ?? 0,
  };
  const child = fork(server, ['serve', JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const onAbort = () => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  ended.finally(() => signal.removeEventListener('abort', onAbort));

  const report = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(report)) {
    signal.throwIfAborted();
    throw new ConstitutionError('CX-LM-START', `The server of the embedded model ended with ${report}.`, {
      place: { file: server },
    });
  }
  const [message] = report as [ServerReport];
  if (message.type === 'failed') {
    await stop();
    throw fromPlainError(message.error);
  }
  return { baseUrl: `http://127.0.0.1:${message.port}/v1`, model: MODEL, ended, stop };
}

/** `lm-server.mjs` is built beside the bundle this code ends up in, or in `dist` where it runs from source. */
function bundledServer(): string {
  const candidates = ['./lm-server.mjs', '../../dist/lm-server.mjs'];
  const path = candidates
    .map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new ConstitutionError('CX-LM-START', 'The server of the embedded model has not been built.', {
    hint: 'Run "npm run setup".',
  });
}
