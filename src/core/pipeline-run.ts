import type { InjectedFault } from './fault.ts';
import type { Json } from './json.ts';

/** The two sides of a comparison: what runs today, and what would replace it. */
export type Arm = 'baseline' | 'candidate';

/** How the gateway answers LM requests. */
export type GatewayMode = 'replay' | 'record' | 'live' | 'auto';

/** What the gateway metered for one run. */
export interface LmUsage {
  /** LM requests answered with success. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** True where the endpoint reported no usage and the figures are an estimate of ours. */
  readonly estimated: boolean;
}

/** Times of one run, in milliseconds. */
export interface RunLatency {
  /** LM time from the rate card along the critical path of calls; null where there is no rate card. */
  readonly modelledLmMs: number | null;
  /** LM time as it was when recorded (sum over the critical path). */
  readonly recordedLmMs: number;
  /** CPU time of the run's process and its children, outside the LM. */
  readonly cpuMs: number;
  /** Wall time as seen by the caller, in this session. */
  readonly wallMs: number;
}

/** What became of an input: every text in it counts, white space does not. */
export interface ContextUse {
  /** LM requests of the run, and those in which the input stands. */
  readonly requests: number;
  readonly found: number;
  /** Whether it stands in the output. */
  readonly inOutput: boolean;
}

/** One execution of a pipeline for one input in one environment. JSON-safe: it travels in `task.meta`. */
export interface PipelineRun {
  /** `<role>/<case>/<arm>/<repeat>`. */
  readonly id: string;
  readonly role: string;
  /** Id of the seeded bug or fixture. */
  readonly case: string;
  readonly arm: Arm;
  /** 0-based sample number of the same case. */
  readonly repeat: number;
  readonly environment: string;
  readonly pipeline: string;
  readonly status: 'ok' | 'error';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly output: Json;
  /** SHA-256 of the canonical JSON of `output`. */
  readonly outputHash: string;
  /** Quality in 0..1 (1 = the bug is repaired); null where nothing scored it. */
  readonly outcome: number | null;
  /** What a person reads to understand the outcome or the error; at most 2,000 characters. */
  readonly detail: string;
  readonly usage: LmUsage;
  readonly latency: RunLatency;
  /** Broken rules of the output by kind, e.g. `{ order: 1 }`; empty where none is broken. */
  readonly violations: Readonly<Record<string, number>>;
  /** Names of the modules that ran, in order of their start. */
  readonly stages: readonly string[];
  /** Stages that `fixtures/pipelines.yaml` declares, in their order. */
  readonly workflow: readonly string[];
  /** What became of each input of the run, by its name. */
  readonly context: Readonly<Record<string, ContextUse>>;
  /** Faults that were put in the place of answers. */
  readonly faults: readonly InjectedFault[];
  /** The file that answered or was written, relative to the recordings folder. */
  readonly recording: { readonly path: string; readonly sha256: string } | null;
  /** The model that answered, now or when it was recorded. */
  readonly model: { readonly id: string; readonly sha256: string | null };
  /** When the answers were recorded; null for a live run. */
  readonly recordedAt: string | null;
  readonly mode: GatewayMode;
}
