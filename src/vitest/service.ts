import path from 'node:path';
import { z } from 'zod';
import { locateEnvironment } from '../bridge/environments/locate.ts';
import { ForkServer, type ForkServerIdentity, type ForkServerOptions } from '../bridge/worker/fork-server.ts';
import { type GateConfig, loadGate } from '../config/gate.ts';
import { packageRoot } from '../config/package-root.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { EnvironmentIdentity, ModelIdentity } from '../core/lm-exchange.ts';
import type { GatewayMode } from '../core/pipeline-run.ts';
import { secretsFromEnvironment } from '../core/secrets.ts';
import type { CallBudget } from '../gateway/budget.ts';
import { Gateway } from '../gateway/gateway.ts';
import type { UpstreamOptions } from '../gateway/upstream.ts';
import { type EmbeddedLm, startEmbeddedLm } from '../lm/start.ts';
import type { ServiceAddress } from './provided.ts';

/** Asking an endpoint for its models is a courtesy: it must not hold up a run. */
const MODELS_TIMEOUT_MS = 5_000;

/** What a service needs of a fork server. */
export interface RunningPython extends Pick<ForkServer, 'socketPath' | 'stop'> {
  readonly identity: Pick<ForkServerIdentity, 'dspy' | 'python'>;
}

export type StartPython = (
  options: Pick<ForkServerOptions, 'environment' | 'workerPath'>,
) => Promise<RunningPython>;

export interface ServiceOptions {
  readonly mode: GatewayMode;
  /** Told about everything that takes long, one line each. */
  readonly note?: (line: string) => void;
  /** Aborts the start of the embedded model. */
  readonly signal?: AbortSignal;
  /** Limits what runs may use; default: no limit. */
  readonly budget?: CallBudget;
  /** Default: `eval/recordings` of the project. */
  readonly recordingsDir?: string;
  /** What has an environment's DSPy imported; default: a fork server of this process. */
  readonly startPython?: StartPython | undefined;
}

/** What a worker is told of a Python environment that is up. */
export interface RunningEnvironment extends EnvironmentIdentity {
  readonly socketPath: string;
  readonly lockSha256: string;
}

/** Gateway and Python processes of one vitest process. */
export interface PythonService {
  readonly address: ServiceAddress;
  /** For runs of this process itself. */
  readonly gateway: Pick<Gateway, 'openRun' | 'closeRun'>;
  /** Starts the environment's fork server at the first call. */
  environment(name: string): Promise<RunningEnvironment>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/**
 * Starts the gateway, and the embedded model where the mode asks for one; fork servers follow when a test needs
 * them. Everything ends with `close()`, and with this process.
 */
export async function startService(root: string, options: ServiceOptions): Promise<PythonService> {
  const gate = await loadGate(root);
  const { upstream, model, embedded } = await upstreamOf(root, gate, options);
  const { startPython = ForkServer.start } = options;
  const environments = new Map<string, Promise<{ running: RunningEnvironment; server: RunningPython }>>();

  const start = async (name: string) => {
    const environment = await locateEnvironment(root, name);
    const server = await startPython({ environment, workerPath: path.join(packageRoot(), 'python') });
    const { dspy, python } = server.identity;
    const running = { name, dspy, python, socketPath: server.socketPath, lockSha256: environment.lockSha256 };
    return { running, server };
  };
  const environment = async (name: string): Promise<RunningEnvironment> => {
    let started = environments.get(name);
    if (started === undefined) {
      started = start(name);
      environments.set(name, started);
      // A failed start is tried again by the next run: its cause may have been mended meanwhile.
      started.catch(() => environments.delete(name));
    }
    return (await started).running;
  };

  const gateway = await Gateway.listen({
    mode: options.mode,
    recordingsDir: options.recordingsDir ?? path.join(root, 'eval', 'recordings'),
    upstream,
    model,
    root,
    secrets: secretsFromEnvironment(process.env),
    ...(options.budget ? { budget: options.budget } : {}),
    routes: (app) => {
      app.post('/environments/:name', async (c) => c.json(await environment(c.req.param('name'))));
    },
  });

  return {
    address: {
      controlUrl: gateway.controlUrl,
      controlToken: gateway.controlToken,
      gatewayUrl: gateway.baseUrl,
      mode: options.mode,
      model,
    },
    gateway,
    environment,
    async close() {
      const servers = await Promise.allSettled(environments.values());
      await Promise.all([
        gateway.close(),
        embedded?.stop(),
        ...servers.map((started) =>
          started.status === 'fulfilled' ? started.value.server.stop() : undefined,
        ),
      ]);
    },
  };
}

/** The endpoint behind the gateway: none for a replay, the configured one, or the embedded model. */
async function upstreamOf(
  root: string,
  { lm }: GateConfig,
  { mode, note, signal }: ServiceOptions,
): Promise<{ upstream: UpstreamOptions | null; model: ModelIdentity; embedded: EmbeddedLm | undefined }> {
  const named = { id: lm.model, sha256: null };
  if (mode === 'replay') return { upstream: null, model: named, embedded: undefined };
  if (lm.endpoint === undefined) {
    const embedded = await startEmbeddedLm({
      root,
      signal: signal ?? new AbortController().signal,
      ...(note ? { note } : {}),
    });
    return { upstream: { baseUrl: embedded.baseUrl }, model: embedded.model, embedded };
  }
  const apiKey = lm.apiKeyVariable === undefined ? undefined : process.env[lm.apiKeyVariable];
  if (lm.apiKeyVariable !== undefined && !apiKey) {
    throw new ConstitutionError(
      'CX-CONFIG-REFERENCE',
      `the environment variable ${lm.apiKeyVariable} is not set`,
      {
        place: { file: 'gate.yaml' },
        hint: 'It is to hold the key of the LM endpoint.',
      },
    );
  }
  const upstream = { baseUrl: lm.endpoint, ...(apiKey ? { apiKey } : {}) };
  return { upstream, model: { ...named, sha256: await weightsOf(upstream, lm.model) }, embedded: undefined };
}

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullish()
        .catch(null),
    }),
  ),
});

/** SHA-256 of the model's weights where the endpoint tells it with its models, as the embedded one does; else null. */
async function weightsOf({ baseUrl, apiKey }: UpstreamOptions, model: string): Promise<string | null> {
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(MODELS_TIMEOUT_MS),
    });
    const { data } = modelList.parse(await response.json());
    return data.find(({ id }) => id === model)?.sha256 ?? null;
  } catch {
    // An endpoint that lists no models may still answer requests; one that is away is told with the first of them.
    return null;
  }
}
