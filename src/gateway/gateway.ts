import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { ConstitutionError } from '../core/errors.ts';
import type { Miss, ModelIdentity, RunIdentity, RunMeter } from '../core/lm-exchange.ts';
import type { GatewayMode } from '../core/pipeline-run.ts';
import { type CallBudget, unlimited } from './budget.ts';
import { type ControlRoutes, controlRoutes } from './control-routes.ts';
import { lmRoutes } from './lm-routes.ts';
import { OpenRun } from './open-run.ts';
import { openaiError } from './openai-error.ts';
import { neighbouringExchanges, readRecording, recordingPath, writeRecording } from './recording-file.ts';
import { Redactor } from './redact.ts';
import type { Pace } from './replay.ts';
import { type GatewayClock, systemClock } from './run-clock.ts';
import type { Tape } from './tape.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';

export interface GatewayOptions {
  readonly mode: GatewayMode;
  /** Absolute folder of the recordings. */
  readonly recordingsDir: string;
  /** The endpoint behind; null where nothing is forwarded (replay). */
  readonly upstream: UpstreamOptions | null;
  readonly model: ModelIdentity;
  /** Absolute folder that files in errors are shown relative to; default: the current one. */
  readonly root?: string;
  /** Values that must not reach a recording; see `secretsFromEnvironment`. */
  readonly secrets?: readonly string[];
  /** Default: `none`. */
  readonly pace?: Pace;
  /** Of one LM request, also after decompression. Default: 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Default: {@link unlimited}. */
  readonly budget?: CallBudget;
  /** Called at each miss, so that a run can be cancelled before its LM client retries. */
  readonly onMiss?: (run: RunIdentity, miss: Miss) => void;
  /** Adds routes under `/control`. */
  readonly routes?: ControlRoutes;
  readonly clock?: GatewayClock;
}

const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Above the idle times of LM clients' connection pools, so that none meets a connection that is just closing. */
const KEEP_ALIVE_MS = 120_000;

/** The OpenAI-compatible server on loopback through which every LM call of every pipeline goes. */
export class Gateway {
  readonly controlToken = newToken();
  readonly #options: GatewayOptions;
  readonly #clock: GatewayClock;
  readonly #runs = new Map<string, OpenRun>();
  /** Recordings that an open run is going to write. */
  readonly #reserved = new Set<string>();
  readonly #server: Server;

  private constructor(options: GatewayOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.use(async (c, next) => {
      if (this.#isOwnHost(c.env.incoming.headers.host)) return next();
      // a web page that had its name resolve to 127.0.0.1 would still send its own name
      return c.json(openaiError('CX-GATEWAY-REQUEST', 'the Host header does not name this gateway'), 403);
    });
    app.route('/v1', lmRoutes(this.#lmContext()));
    app.route('/control', controlRoutes(this, this.controlToken, options.routes ?? (() => undefined)));
    this.#server = createAdaptorServer({ fetch: app.fetch }) as Server;
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /**
   * Starts a gateway on a free port of 127.0.0.1.
   *
   * @throws ConstitutionError CX-GATEWAY-UPSTREAM where the mode needs an endpoint and none is given,
   *   CX-GATEWAY-LISTEN where there is no port to be had
   */
  static async listen(options: GatewayOptions): Promise<Gateway> {
    if (options.mode !== 'replay' && options.upstream === null) {
      throw new ConstitutionError('CX-GATEWAY-UPSTREAM', `mode "${options.mode}" needs an LM endpoint`, {
        hint: 'Give the address of an OpenAI-compatible endpoint, or use mode "replay".',
      });
    }
    const gateway = new Gateway(options);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', (cause) =>
        reject(
          new ConstitutionError('CX-GATEWAY-LISTEN', 'the gateway cannot listen on 127.0.0.1', { cause }),
        ),
      );
      gateway.#server.listen(0, '127.0.0.1', resolve);
    });
    return gateway;
  }

  /** What LM clients are given as their base URL. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  /** Where {@link GatewayClient} talks to. */
  get controlUrl(): string {
    return `http://127.0.0.1:${this.#port}/control`;
  }

  get mode(): GatewayMode {
    return this.#options.mode;
  }

  /** LM calls of all runs that are being answered now. */
  get inFlight(): number {
    return [...this.#runs.values()].reduce((sum, run) => sum + run.inFlight, 0);
  }

  /**
   * Opens a run; its token names it in LM requests.
   *
   * @throws ConstitutionError CX-RECORDING-INVALID, or CX-GATEWAY-RUN for a path outside the recordings folder
   *   and for a recording that another open run is going to write
   */
  async openRun(identity: RunIdentity): Promise<{ token: string }> {
    const file = recordingPath(this.#options.recordingsDir, identity.recording);
    if (this.#writes) this.#reserve(file, identity);
    try {
      const token = newToken();
      const tape = await this.#tape(file);
      const lost = tape === null && this.mode === 'replay';
      const neighbours = lost ? await neighbouringExchanges(file, this.#options.root ?? process.cwd()) : [];
      this.#runs.set(token, new OpenRun(identity, tape, this.#clock, neighbours));
      return { token };
    } catch (cause) {
      this.#reserved.delete(file);
      throw cause;
    }
  }

  /**
   * Closes a run: ends its calls, writes its recording (modes record and auto) and tells what was counted.
   *
   * @param options `keep: false` leaves the recording as it was, for a run that failed
   * @throws ConstitutionError CX-GATEWAY-RUN for a token of no open run, CX-RECORDING-WRITE
   */
  async closeRun(token: string, options: { readonly keep?: boolean } = {}): Promise<RunMeter> {
    const run = this.#runs.get(token);
    if (run === undefined) {
      throw new ConstitutionError('CX-GATEWAY-RUN', 'there is no open run of this token', {
        hint: 'A run is closed once; its meter is the answer to that.',
      });
    }
    this.#runs.delete(token);
    const file = recordingPath(this.#options.recordingsDir, run.identity.recording);
    try {
      await run.close();
      return run.meter(await this.#recorded(run, file, options.keep ?? true));
    } finally {
      this.#reserved.delete(file);
    }
  }

  /** Closes the server; runs that are still open leave their recordings as they were. */
  async close(): Promise<void> {
    const closing = [...this.#runs.values()].map((run) => run.close());
    this.#runs.clear();
    await Promise.all(closing);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get #writes(): boolean {
    return this.#options.mode === 'record' || this.#options.mode === 'auto';
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #isOwnHost(host: string | undefined): boolean {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  #reserve(file: string, { recording }: RunIdentity): void {
    if (this.#reserved.has(file)) {
      throw new ConstitutionError('CX-GATEWAY-RUN', `another open run is recording ${recording}`, {
        hint: 'Give every run that is recorded at the same time its own file.',
      });
    }
    this.#reserved.add(file);
  }

  /** What may answer this run without the endpoint. */
  async #tape(file: string): Promise<Tape | null> {
    const { mode, root, model } = this.#options;
    if (mode === 'record' || mode === 'live') return null;
    const tape = await readRecording(file, root ?? process.cwd());
    // one recording must not mix the answers of two models
    return mode === 'auto' && tape && !isSameModel(tape.recording.model, model) ? null : tape;
  }

  async #recorded(run: OpenRun, file: string, keep: boolean): Promise<RunMeter['recording']> {
    const { identity, tape } = run;
    const path = identity.recording;
    const changed = run.hasNew || (tape?.unused ?? 0) > 0;
    if (!this.#writes || (tape && !changed)) return tape && { path, sha256: tape.sha256 };
    const exchanges = run.exchanges();
    // a run that found no endpoint at all has nothing to say about what would be recorded
    const gotNothing = exchanges.length === 0 && run.failed;
    if (!keep || gotNothing || run.leaked) return null;
    const content = {
      format: 1,
      run: identity.run,
      repeat: identity.repeat,
      recordedAt: this.#clock.date().toISOString(),
      model: this.#options.model,
      environment: identity.environment,
      exchanges,
    } as const;
    return { path, sha256: await writeRecording(file, content) };
  }

  #lmContext() {
    const { mode, model, pace, maxBodyBytes, budget, onMiss, upstream, secrets = [] } = this.#options;
    const apiKey = upstream?.apiKey;
    return {
      mode,
      modelId: model.id,
      pace: pace ?? 'none',
      maxBodyBytes: maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
      redactor: new Redactor(apiKey === undefined ? secrets : [...secrets, apiKey]),
      budget: budget ?? unlimited,
      upstream: mode === 'replay' || upstream === null ? null : new Upstream(upstream),
      runOf: (token: string) => this.#runs.get(token),
      onMiss: onMiss ?? (() => undefined),
    };
  }
}

function isSameModel(a: ModelIdentity, b: ModelIdentity): boolean {
  return a.id === b.id && (a.sha256 === null || b.sha256 === null || a.sha256 === b.sha256);
}

/** 256 random bits. */
function newToken(): string {
  return `cx-${randomBytes(32).toString('base64url')}`;
}
