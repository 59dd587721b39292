import path from 'node:path';
import { WorkerSession } from '../bridge/worker/session.ts';
import type { GateConfig } from '../config/gate.ts';
import { contextOf, textsByInput } from '../core/context-use.ts';
import { ConstitutionError } from '../core/errors.ts';
import { hashJson, type Json, type JsonObject } from '../core/json.ts';
import type { Miss, ModelIdentity, RunMeter } from '../core/lm-exchange.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { GatewayMode, PipelineRun } from '../core/pipeline-run.ts';
import type { PipelineSchema } from '../core/pipeline-schema.ts';
import { criticalPathMs, modelledCallMs, type RateCard } from '../core/rate-card.ts';
import { isPipelineFault } from '../core/verdict/runs.ts';
import { type RunRequest, recordingPath, runId } from './run-request.ts';
import type { RunningEnvironment } from './service.ts';
import type { ServiceClient } from './service-client.ts';

/** What every run of a project shares. */
export interface RunnerSettings {
  readonly root: string;
  readonly gate: GateConfig;
  readonly mode: GatewayMode;
  /** The model behind the gateway, for runs that are not replayed. */
  readonly model: ModelIdentity;
  readonly rateCard: RateCard | null;
}

/** Runs pipelines for the tests of one worker: a gateway run and a Python session around each. */
export class PipelineRunner {
  readonly #client: ServiceClient;
  readonly #settings: RunnerSettings;
  readonly #sessions = new Map<
    string,
    Promise<{ session: WorkerSession; environment: RunningEnvironment }>
  >();

  constructor(client: ServiceClient, settings: RunnerSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /**
   * Runs a pipeline once and scores its output. A pipeline that raises, hangs or answers nonsense is a run with the
   * status `error`; what is not the pipeline's doing is thrown: CX-GATEWAY-*, CX-ENV-*, CX-WORKER-START, CX-PIPELINE-LOAD, and
   * CX-BUG-LEAK, for what a pipeline was told of the answer is worth nothing.
   */
  async run(request: RunRequest, signal?: AbortSignal): Promise<PipelineRun> {
    const { pipeline, environment: name, repeat } = request;
    const { session, environment } = await this.#session(name);
    const id = runId(request);
    const gateway = await this.#openAtGateway(request, environment);
    const started = performance.now();
    let answer: { output: Json; stages: string[]; cpuMs: number } | undefined;
    let failure: ConstitutionError | undefined;
    let meter: RunMeter | undefined;
    try {
      const result = await session.run(
        {
          // What seeds random numbers in Python. A variant's name may change while its recordings stay.
          runId: request.name === undefined ? id : recordingPath(request),
          ...this.#entry(pipeline.entry),
          params: this.#params(pipeline),
          inputs: request.inputs,
          lm: gateway && {
            baseUrl: this.#client.gatewayUrl,
            token: gateway.token,
            model: this.#settings.gate.lm.model,
            // Each repeat samples on its own; both arms share the seeds, so that luck is shared as well.
            parameters: {
              ...this.#settings.gate.lm.parameters,
              seed: this.#settings.gate.seed + repeat + SEEDS_OF_A_SESSION * (request.session ?? 0),
            },
          },
        },
        { timeoutMs: this.#timeoutMs(pipeline), ...(signal ? { signal } : {}) },
      );
      answer = {
        output: result.output,
        stages: result.stages.map((stage) => stage.name),
        cpuMs: result.cpuMs,
      };
    } catch (error) {
      if (!(error instanceof ConstitutionError)) throw error;
      failure = error;
    } finally {
      // A run that was broken from outside leaves the old recording as it was.
      const keep = failure === undefined || isPipelineFault(failure.code);
      meter = gateway === null ? WITHOUT_LM : await this.#client.closeRun(gateway.token, { keep });
    }
    const wallMs = performance.now() - started;
    refuseBrokenLm(id, meter);
    if (failure !== undefined && !isPipelineFault(failure.code)) throw failure;

    const score = answer && (await this.#score(request, session, answer.output, signal));
    const output = answer?.output ?? null;
    return {
      id,
      role: pipeline.role,
      case: request.case,
      arm: request.arm,
      repeat,
      environment: name,
      pipeline: pipeline.name,
      status: failure === undefined ? 'ok' : 'error',
      error: failure === undefined ? null : { code: failure.code, message: failure.message },
      output,
      outputHash: hashJson(output),
      outcome: score?.outcome ?? null,
      detail: (score?.detail ?? failure?.message ?? '').slice(0, 2000),
      usage: meter.usage,
      latency: this.#latency(meter, answer?.cpuMs ?? 0, wallMs),
      violations: score?.violations ?? {},
      stages: answer?.stages ?? [],
      workflow: pipeline.stages,
      context: contextOf(request.inputs, output, meter),
      faults: meter.faults,
      recording: meter.recording,
      model: meter.recordedWith?.model ?? this.#settings.model,
      recordedAt: meter.recordedWith?.recordedAt ?? null,
      mode: this.#settings.mode,
    };
  }

  /** The environment as it runs; started where it is not up yet. */
  async environment(name: string): Promise<RunningEnvironment> {
    return (await this.#session(name)).environment;
  }

  /** Null for a pipeline that asks no LM: it is given none, and cannot ask one by mistake. */
  async #openAtGateway(request: RunRequest, { name, dspy, python }: RunningEnvironment) {
    if (!request.pipeline.lm) return null;
    return this.#client.openRun({
      run: runId(request),
      recording: recordingPath(request),
      repeat: request.repeat,
      environment: { name, dspy, python },
      watch: textsByInput(request.inputs),
      ...(request.secrets === undefined ? {} : { secrets: request.secrets }),
      ...(request.faults?.length ? { faults: request.faults } : {}),
    });
  }

  /** The signatures of a pipeline as an environment builds them. */
  async schema(pipeline: Pipeline, environment: string): Promise<PipelineSchema> {
    const { session } = await this.#session(environment);
    const { signatures } = await session.schema({
      ...this.#entry(pipeline.entry),
      params: this.#params(pipeline),
    });
    return { pipeline: pipeline.name, environment, signatures };
  }

  /** Gives the Python children back. */
  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#sessions.values())) {
      if (opened.status === 'fulfilled') opened.value.session.close();
    }
    this.#sessions.clear();
  }

  async #session(name: string) {
    let opened = this.#sessions.get(name);
    if (opened === undefined) {
      opened = this.#client.environment(name).then(async (environment) => ({
        environment,
        session: await WorkerSession.connect(environment.socketPath),
      }));
      this.#sessions.set(name, opened);
      opened.catch(() => this.#sessions.delete(name));
    }
    return opened;
  }

  async #score(request: RunRequest, session: WorkerSession, output: Json, signal: AbortSignal | undefined) {
    const { scorer } = request.pipeline;
    if (scorer === null || request.caseFolder === undefined) return undefined;
    return session.score(
      { ...this.#entry(scorer), case: request.caseFolder, output },
      { timeoutMs: this.#timeoutMs(request.pipeline), ...(signal ? { signal } : {}) },
    );
  }

  /** The shorter of the pipeline's own limit and that of all runs. */
  #timeoutMs({ seconds }: Pipeline): number {
    return Math.min(seconds, this.#settings.gate.runTimeoutSeconds) * 1000;
  }

  #entry(entry: string) {
    return { root: path.join(this.#settings.root, 'fixtures'), entry };
  }

  #params(pipeline: Pipeline): JsonObject {
    return { call_allowance: this.#settings.gate.callAllowance, ...pipeline.params };
  }

  #latency(meter: RunMeter, cpuMs: number, wallMs: number): PipelineRun['latency'] {
    const { rateCard } = this.#settings;
    const path = (weight: (call: RunMeter['calls'][number]) => number) =>
      criticalPathMs(meter.calls.map((call) => ({ ...call, weightMs: weight(call) })));
    const modelled = (call: RunMeter['calls'][number]) =>
      rateCard === null || call.tokens === null ? 0 : modelledCallMs(rateCard, call.tokens);
    return {
      modelledLmMs: rateCard === null ? null : path(modelled),
      recordedLmMs: path((call) => call.latencyMs),
      cpuMs,
      wallMs,
    };
  }
}

/** Seeds that lie between the sessions of recordings: more than there are repeats. */
const SEEDS_OF_A_SESSION = 1_000;

/** What the gateway would have counted for a run that has no LM. */
const WITHOUT_LM: RunMeter = {
  usage: { calls: 0, inputTokens: 0, outputTokens: 0, estimated: false },
  calls: [],
  recording: null,
  recordedWith: null,
  misses: [],
  failures: [],
  unused: 0,
  peakInFlight: 0,
  requests: 0,
  watched: {},
  faults: [],
};

/** A request that no recording answers, or an endpoint that is away, is no fault of the pipeline. */
function refuseBrokenLm(run: string, { misses, failures }: RunMeter): void {
  const [miss] = misses;
  if (miss) {
    throw new ConstitutionError('CX-GATEWAY-MISS', `run ${run}: ${missText(miss)}`, {
      place: { file: `eval/recordings/${miss.recording}` },
      hint: 'Record it with `npm run gate -- --lm=auto`; if nothing should have changed, find what changed the request.',
      details: { ...(miss.diff === null ? {} : { excerpt: miss.diff }), reason: miss.reason },
    });
  }
  for (const code of ['CX-GATEWAY-UPSTREAM', 'CX-BUG-LEAK'] as const) {
    const broken = failures.find((failure) => failure.code === code);
    if (broken) throw new ConstitutionError(code, `run ${run}: ${broken.message}`);
  }
}

function missText({ message, diff }: Miss): string {
  return diff === null ? message : `${message}\n${diff}`;
}
