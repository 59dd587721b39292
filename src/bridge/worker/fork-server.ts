import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ConstitutionError } from '../../core/errors.ts';
import { limitSignal } from '../../io/limit-signal.ts';
import { PROTOCOL_VERSION } from '../protocol.ts';
import { cancelledError } from './failure.ts';
import { TextTail } from './text-tail.ts';

/** What a fork server needs to know of a Python environment. */
export interface WorkerEnvironment {
  readonly name: string;
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** The whole environment of the process: nothing is inherited beside it. */
  readonly processEnv: Readonly<Record<string, string>>;
}

export interface ForkServerOptions {
  readonly environment: WorkerEnvironment;
  /** Absolute folder that holds the package `constitution_worker`. */
  readonly workerPath: string;
  /** Children kept idle. Default: one a core. */
  readonly poolSize?: number;
  /** Children at most, busy ones included. Default: the larger of 16 and four times `poolSize`. */
  readonly poolLimit?: number;
  /** `run` gives every run a fresh process; `process` (default) reuses a child that a run leaves clean. */
  readonly isolation?: 'process' | 'run';
  /**
   * `warm` (default) forks LM-written programs from one interpreter a child; `fresh` starts one for each, with a seed of
   * string hashes of its own: for who runs a program again to see whether its result changes.
   */
  readonly sandboxes?: 'warm' | 'fresh';
  /** Runs after which a child is replaced all the same. Default 200. */
  readonly maxRuns?: number;
  /** Milliseconds until the children must accept. Default 120,000: a first import compiles thousands of files. */
  readonly startTimeoutMs?: number;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}

/** The line that the fork server writes when its children accept. */
export interface ForkServerIdentity {
  readonly protocol: number;
  readonly pid: number;
  readonly python: string;
  readonly dspy: string;
  /** Milliseconds that importing DSPy took, and preparing for the forks. */
  readonly importMs: number;
  readonly prepareMs: number;
}

/** Unix socket paths are limited to about 104 bytes; some temporary folders are longer than that alone. */
const MAX_SOCKET_FOLDER = 80;
const STOP_TIMEOUT_MS = 5_000;

/**
 * A Python process that has DSPy imported and forks children from it. It ends with `stop()`, and with the process that
 * started it however that ends: its stdin closes then.
 */
export class ForkServer {
  /** What `WorkerSession.connect` takes, in this and in any other process. */
  readonly socketPath: string;
  readonly identity: ForkServerIdentity;
  readonly #process: Subprocess;
  readonly #folder: string;

  private constructor(process: Subprocess, folder: string, socketPath: string, identity: ForkServerIdentity) {
    this.#process = process;
    this.#folder = folder;
    this.socketPath = socketPath;
    this.identity = identity;
  }

  /** Resolves when the children accept. Raises CX-WORKER-START with what Python printed, CX-RUN-CANCELLED by the signal. */
  static async start(options: ForkServerOptions): Promise<ForkServer> {
    if (process.platform === 'win32') {
      throw new ConstitutionError('CX-WORKER-START', 'DSPy runs need fork(), which Windows does not have.', {
        hint: 'Run the tests in WSL 2.',
      });
    }
    const temporary = os.tmpdir().length > MAX_SOCKET_FOLDER ? '/tmp' : os.tmpdir();
    const folder = await mkdtemp(path.join(temporary, 'cx-'));
    const socketPath = path.join(folder, 's');
    const subprocess = spawn(options, socketPath);
    const stderr = new TextTail();
    subprocess.stderr.on('data', (chunk: Buffer) => stderr.append(chunk));
    try {
      const identity = await untilReady(subprocess, options);
      unref(subprocess);
      return new ForkServer(subprocess, folder, socketPath, identity);
    } catch (cause) {
      killGroup(subprocess);
      const ended = await subprocess.catch((error: unknown) => error);
      await rm(folder, { recursive: true, force: true });
      throw options.signal?.aborted ? cancelledError(cause) : startError(options, cause, stderr, ended);
    }
  }

  /** Ends the fork server and every child. */
  async stop(): Promise<void> {
    this.#process.stdin.end();
    const kill = setTimeout(() => killGroup(this.#process), STOP_TIMEOUT_MS);
    await this.#process.catch(() => {}); // however it ends
    clearTimeout(kill);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

type Subprocess = ReturnType<typeof spawn>;

function spawn(options: ForkServerOptions, socketPath: string) {
  const { environment, workerPath } = options;
  const poolSize = options.poolSize ?? os.availableParallelism();
  return execa(
    environment.python,
    [
      path.join(workerPath, 'constitution_worker', '__main__.py'),
      ...['--socket', socketPath],
      ...['--pool', String(poolSize)],
      ...['--limit', String(options.poolLimit ?? Math.max(16, 4 * poolSize))],
      ...['--max-runs', String(options.isolation === 'run' ? 1 : (options.maxRuns ?? 200))],
      ...(options.sandboxes === 'fresh' ? [] : ['--warm-sandboxes']),
    ],
    {
      env: { ...environment.processEnv, ...sandboxSetting() },
      extendEnv: false,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: true,
      // Its own process group: Ctrl-C in a terminal reaches only the test run, which then ends it in order.
      detached: true,
    },
  );
}

/** The one variable of ours that pipelines must see: which isolation LM-written code gets. */
function sandboxSetting(): Record<string, string> {
  const chosen = process.env['CONSTITUTION_SANDBOX'];
  return chosen === undefined ? {} : { CONSTITUTION_SANDBOX: chosen };
}

async function untilReady(subprocess: Subprocess, options: ForkServerOptions): Promise<ForkServerIdentity> {
  const timeoutMs = options.startTimeoutMs ?? 120_000;
  const { signal: limit, clear } = limitSignal(timeoutMs, options.signal ? [options.signal] : []);
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    subprocess.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    subprocess.catch(reject);
    subprocess.stdout.on('end', () => reject(new Ended()));
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
    if (limit.aborted) reject(limit.reason);
  }).finally(clear);
  const identity = JSON.parse(line) as ForkServerIdentity;
  if (identity.protocol !== PROTOCOL_VERSION) throw new Ended();
  return identity;
}

/** The process closed its stdout without the line that says it is ready. */
class Ended extends Error {
  override readonly name = 'Ended';
}

function startError(
  options: ForkServerOptions,
  cause: unknown,
  stderr: TextTail,
  ended: unknown,
): ConstitutionError {
  const { name, python } = options.environment;
  const lastLine = stderr.toString().split('\n').at(-1) ?? '';
  const reason =
    cause instanceof DOMException && cause.name === 'TimeoutError'
      ? `was not ready within ${options.startTimeoutMs ?? 120_000} ms`
      : `ended: ${lastLine || (ended instanceof Error ? ended.message.split('\n')[0] : 'without a word')}`;
  return new ConstitutionError('CX-WORKER-START', `The Python fork server of "${name}" ${reason}`, {
    hint: 'Run the command "doctor" to check the environment; the details hold what Python printed.',
    details: { environment: name, python, stderrTail: stderr.toString() },
    cause,
  });
}

function killGroup(subprocess: Subprocess): void {
  if (subprocess.pid === undefined) return;
  try {
    process.kill(-subprocess.pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** A forgotten `stop()` must not keep the test run from ending. */
function unref(subprocess: Subprocess): void {
  subprocess.unref();
  for (const stream of [subprocess.stdin, subprocess.stdout, subprocess.stderr]) {
    (stream as unknown as { unref?: () => void }).unref?.();
  }
}
